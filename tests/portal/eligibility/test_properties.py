"""What the check promises of every condition and every answer."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portal.eligibility.answers import Answers, Field
from portal.eligibility.conditions import (
    Condition,
    IndustryCondition,
    PlaceCondition,
    Setting,
)
from portal.eligibility.listing_conditions import Asking
from portal.eligibility.truth import Truth
from portal.eligibility.verdicts import Judge, Verdict, assess
from portal.listings.stated_conditions import NOTHING_STATED, StatedConditions
from tests.portal.eligibility.drawing import (
    ANSWERS,
    ASKING,
    CONDITIONS,
    FIXED,
    TODAY,
    VOCABULARY,
    without,
)

SETTING = Setting(VOCABULARY.tree, TODAY)
# Any at all, and those that a listing can ask for.
SETS_OF_CONDITIONS = st.lists(CONDITIONS, max_size=5) | ASKING.map(lambda one: [*one.conditions()])
SETS_OF_FIELDS = st.sets(st.sampled_from(Field))


@FIXED
@given(SETS_OF_CONDITIONS)
def test_without_any_answer_nothing_is_not_eligible(conditions: list[Condition]) -> None:
    assert assess(conditions, Judge(Answers(), SETTING)).verdict is not Verdict.NOT_ELIGIBLE


@FIXED
@given(CONDITIONS, ANSWERS)
def test_unanswered_question_never_fails_a_condition(
    condition: Condition, answers: Answers
) -> None:
    """Whatever else is answered, without an answer to its own questions it is open."""
    own_questions = set(condition.judge(Answers(), SETTING).asks)
    judged = condition.judge(without(answers, own_questions), SETTING)
    assert judged.truth is not Truth.NO


@FIXED
@given(CONDITIONS, ANSWERS, SETS_OF_FIELDS)
def test_another_answer_undoes_no_judgement(
    condition: Condition, answers: Answers, fields: set[Field]
) -> None:
    before = condition.judge(without(answers, fields), SETTING).truth
    after = condition.judge(answers, SETTING).truth
    assert before in (Truth.UNKNOWN, after)


@FIXED
@given(SETS_OF_CONDITIONS, ANSWERS, SETS_OF_FIELDS)
def test_another_answer_never_turns_not_eligible_into_eligible_nor_back(
    conditions: list[Condition], answers: Answers, fields: set[Field]
) -> None:
    before = assess(conditions, Judge(without(answers, fields), SETTING)).verdict
    after = assess(conditions, Judge(answers, SETTING)).verdict
    assert before in (Verdict.ASK, after)


@FIXED
@given(ASKING, ANSWERS)
def test_only_what_is_said_to_be_complete_makes_anybody_eligible(
    asking: Asking, answers: Answers
) -> None:
    """And what a listing says nothing of excludes nobody but by place and industry."""
    is_complete = asking.stated.is_complete and not asking.stated.desk
    verdict = assess([*asking.conditions()], Judge(answers, SETTING)).verdict
    assert verdict is not Verdict.ELIGIBLE or is_complete
    silent = assess([*replace(asking, stated=NOTHING_STATED).conditions()], Judge(answers, SETTING))
    assert silent.verdict is not Verdict.ELIGIBLE
    for found in silent.findings_that_are(Truth.NO):
        assert isinstance(found.condition, PlaceCondition | IndustryCondition)
    open_to_all = replace(asking, stated=StatedConditions(beyond=("regions", "industries")))
    assert assess([*open_to_all.conditions()], Judge(answers, SETTING)).verdict is Verdict.ASK


@FIXED
@given(CONDITIONS, ANSWERS)
def test_only_open_conditions_ask_and_only_for_what_is_not_answered(
    condition: Condition, answers: Answers
) -> None:
    judgement = condition.judge(answers, SETTING)
    assert judgement.truth is Truth.UNKNOWN or not judgement.asks
    assert not [field for field in judgement.asks if answers.has(field)]


@FIXED
@given(CONDITIONS, ANSWERS, SETS_OF_FIELDS)
def test_what_settles_a_condition_was_asked_for(
    condition: Condition, answers: Answers, fields: set[Field]
) -> None:
    """A condition that further answers settle asked for one of them."""
    before = condition.judge(without(answers, fields), SETTING)
    after = condition.judge(answers, SETTING)
    if before.truth is Truth.UNKNOWN and after.truth is not Truth.UNKNOWN:
        given_now = {field for field in fields if answers.has(field)}
        assert given_now & set(before.asks)


@FIXED
@given(SETS_OF_CONDITIONS, ANSWERS)
def test_purpose_decides_nothing(conditions: list[Condition], answers: Answers) -> None:
    other = without(answers, {Field.PURPOSE})
    verdicts = [assess(conditions, Judge(one, SETTING)).verdict for one in (answers, other)]
    assert verdicts[0] is verdicts[1]


@FIXED
@given(SETS_OF_CONDITIONS, ANSWERS)
def test_verdict_tells_what_decided_it(conditions: list[Condition], answers: Answers) -> None:
    assessment = assess(conditions, Judge(answers, SETTING))
    truths = {Verdict.NOT_ELIGIBLE: Truth.NO, Verdict.ASK: Truth.UNKNOWN}
    deciding = assessment.deciding
    if assessment.verdict is Verdict.ELIGIBLE:
        assert deciding is None
    else:
        assert deciding is not None
        assert deciding.judgement.truth is truths[assessment.verdict]
