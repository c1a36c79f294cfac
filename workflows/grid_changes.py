"""How one training grid differs from another, and what is in it, in people's words."""

from collections.abc import Iterator

from workflows.training import ACCESS_LEVELS, Course, Grid, Levels


def levels_in_words(levels: Levels) -> str:
    if levels is None:
        return "everybody"
    named = [label for level, label in ACCESS_LEVELS.items() if level in levels]
    return ", ".join(named) or "nobody"


def mark_in_words(course: Course) -> str:
    return "no quiz" if course.pass_mark is None else f"{course.pass_mark} %"


def months_in_words(course: Course) -> str:
    """Of a course that has no span of its own the settings tell it."""
    if course.months is None:
        return "as set for all"
    return "1 month" if course.months == 1 else f"{course.months} months"


def changes(before: Grid, after: Grid) -> list[str]:
    """A sentence for each thing that is different."""
    found = [sentence for course in after.courses
             for sentence in _of_course(before.named(course.name), course)]  # fmt: skip
    ended = [course.label for course in before.courses if after.named(course.name) is None]
    found += [f"{label} ends." for label in ended]
    moved = [c.name for c in before.courses if after.named(c.name)]
    if not found and moved != [course.name for course in after.courses]:
        return ["The courses stand in another order."]
    return found


def _of_course(was: Course | None, course: Course) -> Iterator[str]:
    if was is None:
        yield (
            f"{course.label} is new. As a new user: {levels_in_words(course.new_user)}. "
            f"Each year: {levels_in_words(course.yearly)}. Pass mark: {mark_in_words(course)}. "
            f"Counts for: {months_in_words(course)}."
        )
        return
    if was.label != course.label:
        yield f"{was.label} is now called {course.label}."
    pairs = (
        ("as a new user", levels_in_words(was.new_user), levels_in_words(course.new_user)),
        ("each year", levels_in_words(was.yearly), levels_in_words(course.yearly)),
        ("pass mark", mark_in_words(was), mark_in_words(course)),
        ("counts for", months_in_words(was), months_in_words(course)),
    )
    for what, old, new in pairs:
        if old != new:
            yield f"{course.label}, {what}: {new} (was: {old})."
