"""What each setting means. `docs/settings.md` has no other words, and cannot be made while one is missing here."""

#: Settings of services: the fields of their `Settings` classes.
SERVICES = {
    "JEEVES_HOST": "The address to listen on. `0.0.0.0` in the images.",
    "JEEVES_PORT": "The public port. With `make run`, `make stack` and Compose it is the port of the edge.",
    "JEEVES_OPS_PORT": "The port of `/healthz`, `/readyz`, `/metrics` and `/internal/v1`, to which the gateway has no route. "
    "In `make run` it speaks for the whole; in `make stack` it is Traefik's (`/ping`, `/metrics`).",
    "JEEVES_SERVICE_KEY": "This service's private Ed25519 key (JWK, JSON), with which it signs calls to others. "
    "Made at each start by `make run` and `make stack`, once by `make up`.",
    "JEEVES_SERVICE_KEYS": "The public keys of all services (JWKS, JSON). Made together with the private ones.",
    "JEEVES_LOG_LEVEL": "`DEBUG`, `INFO`, `WARNING` or `ERROR`.",
    "JEEVES_AMQP_URL": "The bus: `amqp://…`, `amqps://…`, or `sqlite:///path` for one process alone. "
    "`make run` has a file in the data folder, `make stack` a broker of its own, unless this is set.",
    "JEEVES_USERS_SERVICE_URL": "The origin of users-service's ops port. Set by whatever starts the services.",
    "JEEVES_DATABASE_URL": "`postgresql+asyncpg://…`, `mysql+asyncmy://…` or `sqlite+aiosqlite:///path`; see "
    "[databases.md](databases.md). `make run` has a file in the data folder, `make stack` a server of its own.",
    "JEEVES_ACTIONS": "`name=url,…`: the actions that are registered at first start, each by the origin of its public port. "
    "The forms of Jeeves fill in the actions of this repository.",
    "JEEVES_ACTION_ORIGINS": "`https://actions.example.com,10.0.0.0/8,…`: the origins, or networks of addresses, that an "
    "action may be put in from over the API. Not set: any. What `JEEVES_ACTIONS` names may be anywhere.",
    "JEEVES_OPERATORS": "`T123:U456,…`: who runs the whole installation, by workspace and person.",
    "JEEVES_ADMINS": "`T123:U456,…`: who looks after one workspace.",
    "JEEVES_ADMIN_TOKEN": "Makes, lists and revokes tokens of the API, and nothing else; 16 characters or more. "
    "Where Jeeves runs, `jeeves tokens make` does without it.",
    "JEEVES_API_RATE": "Requests a minute that the API takes from one token, 60 or more; as many fit into one burst.",
    "JEEVES_RETENTION_DAYS": "Days for which what was said and answered is kept, from 8 to 3650: see [privacy.md](privacy.md).",
    "JEEVES_REPLY_IN_THREAD": "Whether a mention at the top level of a channel is answered in a thread.",
    "JEEVES_WEATHER_URL": "The origin of Open-Meteo's forecast API (`/v1/forecast` below it).",
    "JEEVES_GEOCODING_URL": "The origin of Open-Meteo's geocoding API (`/v1/search` below it).",
    "SLACK_SIGNING_SECRET": "The app's signing secret. Several, separated by commas, while one replaces another. "
    "Without it `make run` and `make stack` make one up that nobody knows, so that every request is refused.",
    "SLACK_BOT_TOKEN": "The bot token (`xoxb-…`) of the one workspace that is served. Without it nothing is sent.",
    "SLACK_API_URL": "Where Slack's Web API is.",
}

#: Settings of what starts services and tests them: default, meaning.
HOST = {
    "JEEVES_DATA_DIR": (".jeeves", "The folder of all that is kept: databases, keys, logs of the stack. For its owner only."),
    "JEEVES_SANDBOX": (
        "",
        (
            "`on` or `off`: the workspace of `make run` to try Jeeves in, at `/sandbox/`. Not set, it is on where no Slack is "
            "set and the address is this machine's own; `on` beside a Slack or for other machines stops the start."
        ),
    ),
    "JEEVES_PUBLIC_URL": (
        "",
        (
            "The origin by which others reach Jeeves. With `JEEVES_API_TOKEN` the `jeeves` command asks there, instead of the "
            "Jeeves that runs on the data folder; and `make run` opens no sandbox where it is not this machine's own."
        ),
    ),
    "JEEVES_API_TOKEN": ("", "A token of the API, with which the `jeeves` command asks; see `JEEVES_PUBLIC_URL`."),
    "GATEWAY_RATE": ("1000", "Requests a second that the gateway takes from one address; twice that in a burst."),
    "AMQP_TEST_URL": ("", "A RabbitMQ for `make test`, instead of one that it starts."),
    "DATABASE_TEST_URL": ("", "A PostgreSQL for `make test` (`postgresql+asyncpg://…`, may create databases), instead of one."),
    "MARIADB_TEST_URL": ("", "A MariaDB for `make test` (`mysql+asyncmy://…`, may create databases), instead of one."),
    "CHROMIUM": ("", "The path of a Chromium for the tests of pages, instead of this machine's."),
    "REQUIRE_BROWSER": ("", "Set: `make test` fails where no Chromium can be had, instead of leaving those tests out."),
    "DEMO_HOST": ("127.0.0.1", "Where the stand-ins of `make demo` for Slack and Open-Meteo listen."),
    "DEMO_SLACK_PORT": ("0", "The port of the one for Slack; 0 is any free one."),
    "DEMO_METEO_PORT": ("0", "The port of the one for Open-Meteo; 0 is any free one."),
    "DEMO_URL": ("", "The edge of a Jeeves that runs already, for `make demo FORM=running`."),
}

#: Variables of docker-compose.yml that are no settings of a service.
COMPOSE = {
    "RABBITMQ_PASSWORD": "The broker's password. `make up` makes one in `.env`.",
    "POSTGRES_PASSWORD": "The database's password. `make up` makes one in `.env`.",
    "TRAEFIK_IMAGE": "The gateway's image.",
    "RABBITMQ_IMAGE": "The broker's image.",
    "POSTGRES_IMAGE": "The database's image.",
    "BASE_IMAGE": "What the services' images are built on.",
    "IMAGE_PREFIX": "How the services' image names begin.",
    "TAG": "The services' image tag.",
}
