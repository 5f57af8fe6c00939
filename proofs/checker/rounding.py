"""12. Rounding: printed decimals, each a share k/size rounded to its last digit, for some or a given whole k."""

from typing import Any

from proofs.checker.reading import Reader, Refuted, need

PLACES, MOST = 30, 10**15
FORM = {"size": range(1, MOST), "printed": [[range(10**PLACES + 1), range(PLACES + 1)]]}
FORMS = (FORM, FORM | {"counts": [range(MOST)]})


def check(fields: dict[str, Any], reader: Reader) -> str:
    size, printed, counts = fields["size"], fields["printed"], fields.get("counts")
    need(printed, "printed: expected at least one number")
    need(counts is None or len(counts) == len(printed), f"counts: expected {len(printed)}, one for each printed number")
    reader.burn(len(printed))
    for place, (digits, places) in enumerate(printed):
        unit = 10**places  # |k/size - digits/unit| <= 1/(2 unit), so that a half may have been rounded either way
        least, most = max(0, -(size * (1 - 2 * digits) // (2 * unit))), min(size, size * (2 * digits + 1) // (2 * unit))
        need(
            least <= most,
            f"k/{size} rounds to {decimal(digits, places)} for no whole number k from 0 to {size}",
            Refuted,
        )
        if counts is not None:
            need(counts[place] <= size, f"{counts[place]} is more than {size}", Refuted)
            right = least <= counts[place] <= most
            need(right, f"{counts[place]}/{size} does not round to {decimal(digits, places)}", Refuted)
    many = f"each of the {len(printed)} printed numbers is" if len(printed) > 1 else "the printed number is"
    which = f"for some whole number k from 0 to {size}" if counts is None else "k being the count given"
    return f"{many} k/{size} rounded, a half either way, {which}"


def decimal(digits: int, places: int) -> str:
    whole, rest = divmod(digits, 10**places)
    return f"{whole}.{rest:0{places}}" if places else f"{whole}"
