"""What people call countries and regions beside the names that Open-Meteo gives: folded words → codes and names."""

#: ISO 3166-1 alpha-2 codes by what people say.
COUNTRIES = {
    "uk": "GB", "great britain": "GB", "britain": "GB", "united kingdom": "GB", "usa": "US", "america": "US",
    "united states": "US", "united states of america": "US", "the states": "US", "uae": "AE", "emirates": "AE",
    "united arab emirates": "AE", "holland": "NL", "netherlands": "NL", "the netherlands": "NL", "czech republic": "CZ",
    "czechia": "CZ", "russia": "RU", "south korea": "KR", "korea": "KR", "north korea": "KP", "ivory coast": "CI",
    "turkey": "TR", "turkiye": "TR", "burma": "MM", "myanmar": "MM", "macedonia": "MK", "vietnam": "VN", "viet nam": "VN",
    "drc": "CD", "ksa": "SA", "prc": "CN", "brasil": "BR", "deutschland": "DE", "espana": "ES", "italia": "IT", "schweiz": "CH",
    "suisse": "CH", "svizzera": "CH", "osterreich": "AT", "polska": "PL", "eire": "IE", "danmark": "DK", "sverige": "SE",
    "norge": "NO", "suomi": "FI", "island": "IS", "belgie": "BE", "belgique": "BE", "hellas": "GR", "magyarorszag": "HU",
    "hrvatska": "HR", "bosnia": "BA", "swaziland": "SZ", "cape verde": "CV", "east timor": "TL", "palestine": "PS",
}  # fmt: skip

#: Cities by what people call them, with what tells them from their namesakes.
NICKNAMES = {
    "nyc": ("New York", "US"), "new york city": ("New York", "US"), "la": ("Los Angeles", "California"),
    "sf": ("San Francisco", "California"), "dc": ("Washington", "District of Columbia"), "vegas": ("Las Vegas", "Nevada"),
    "philly": ("Philadelphia", "Pennsylvania"), "nola": ("New Orleans", "Louisiana"), "hk": ("Hong Kong",),
    "kl": ("Kuala Lumpur",), "rio": ("Rio de Janeiro",),
}  # fmt: skip

#: Regions by country and abbreviation, as their post offices have them.
ABBREVIATIONS = {
    "US": {
        "al": "alabama", "ak": "alaska", "az": "arizona", "ar": "arkansas", "ca": "california", "co": "colorado",
        "ct": "connecticut", "de": "delaware", "dc": "district of columbia", "fl": "florida", "ga": "georgia", "hi": "hawaii",
        "id": "idaho", "il": "illinois", "in": "indiana", "ia": "iowa", "ks": "kansas", "ky": "kentucky", "la": "louisiana",
        "me": "maine", "md": "maryland", "ma": "massachusetts", "mi": "michigan", "mn": "minnesota", "ms": "mississippi",
        "mo": "missouri", "mt": "montana", "ne": "nebraska", "nv": "nevada", "nh": "new hampshire", "nj": "new jersey",
        "nm": "new mexico", "ny": "new york", "nc": "north carolina", "nd": "north dakota", "oh": "ohio", "ok": "oklahoma",
        "or": "oregon", "pa": "pennsylvania", "ri": "rhode island", "sc": "south carolina", "sd": "south dakota",
        "tn": "tennessee", "tx": "texas", "ut": "utah", "vt": "vermont", "va": "virginia", "wa": "washington",
        "wv": "west virginia", "wi": "wisconsin", "wy": "wyoming", "pr": "puerto rico",
    },
    "CA": {
        "ab": "alberta", "bc": "british columbia", "mb": "manitoba", "nb": "new brunswick", "nl": "newfoundland and labrador",
        "ns": "nova scotia", "nt": "northwest territories", "nu": "nunavut", "on": "ontario", "pe": "prince edward island",
        "pei": "prince edward island", "qc": "quebec", "sk": "saskatchewan", "yt": "yukon",
    },
    "AU": {
        "act": "australian capital territory", "nsw": "new south wales", "nt": "northern territory", "qld": "queensland",
        "sa": "south australia", "tas": "tasmania", "vic": "victoria", "wa": "western australia",
    },
}  # fmt: skip
