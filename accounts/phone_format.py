"""How a telephone number is written for people."""

import phonenumbers


def format_number(e164: str) -> str:
    """`+819003100403` as 090-0310-0403; a foreign number with its country; anything else unchanged."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 81
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)
