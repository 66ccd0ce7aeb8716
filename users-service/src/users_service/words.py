"""Every word of users-service that people read, by key."""

from jeeves_service.words import Catalogue

TEXTS = {
    "apology": "Sorry, I could not do this: something went wrong on my side. Your reference is {reference}.",
}
words = Catalogue("users_service", TEXTS).text
