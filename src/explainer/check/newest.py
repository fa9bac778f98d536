"""The checks of the newest text: is each fact proved, whose words are they, is it short enough?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explainer.check.budgets import word_problems
from explainer.check.proof import check_proof, gathered
from explainer.check.voice import exhibit_voice_problems, voice_problems
from explainer.evidence.evidence import Evidence, Problem


def check_newest(evidence: Evidence, chapters: Mapping[str, Any]) -> tuple[int, list[Problem]]:
    """Return the number of sentences of fact in the newest text, and what these checks find."""
    factual, problems = check_proof(evidence, chapters)
    problems += word_problems(chapters)
    problems += voice_problems(gathered(evidence, chapters)[0], evidence)
    problems += exhibit_voice_problems()
    return len(factual), problems
