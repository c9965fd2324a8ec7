"""What the page does while an answer is pending: it is shown, and nothing is lost or late."""

from __future__ import annotations

from tests.browser.visit import PHONE
from tests.standin import EXAMPLES


def test_new_conversation_stays_empty_when_a_pending_answer_comes(visit, standin):
    address, bot = standin
    bot.gate.clear()
    seen = visit(address)
    seen.ask("slow: how many books?")
    seen.pending()
    seen.page.click("#wj-new")
    seen.page.wait_for_selector(".wj-question", state="detached")
    bot.gate.set()
    seen.page.wait_for_timeout(1500)
    assert seen.page.query_selector(".wj-turn") is None
    assert seen.page.is_visible("#wj-examples")
    seen.ask("几点开门?")
    assert len(seen.replies(1)) == 1
    assert bot.asked[-1] == ("几点开门?", [])


def test_example_clicked_while_an_answer_is_pending_loses_nothing(visit, standin):
    address, bot = standin
    bot.gate.clear()
    seen = visit(address)
    seen.page.fill("#wj-box textarea", "slow: how many books?")
    seen.page.evaluate(  # both within one turn of the page's event loop; either may be first
        """example => {
          document.querySelector("#wj-send").click();
          [...document.querySelectorAll("#wj-examples .gallery-item")]
            .find(item => item.innerText.includes(example)).click();
        }""",
        EXAMPLES[0],
    )
    seen.page.wait_for_selector(".wj-question", timeout=20_000)
    bot.gate.set()
    seen.replies(1)
    seen.page.wait_for_timeout(1000)
    assert seen.page.query_selector(".wj-pending") is None
    shown = [q.inner_text() for q in seen.page.query_selector_all(".wj-question")]
    assert len(seen.replies(1)) == len(shown)
    in_the_box = seen.page.input_value("#wj-box textarea")
    assert "slow: how many books?" in [*shown, in_the_box]
    seen.ask("几点开门?")
    seen.replies(len(shown) + 1)
    history = [turn["content"] for turn in bot.asked[-1][1] if turn["role"] == "user"]
    assert history == shown


def test_pending_question_is_in_view_below_a_long_conversation(visit, standin):
    address, bot = standin
    bot.gate.clear()
    seen = visit(address, PHONE)
    for count in range(1, 4):
        seen.ask("图书馆藏书多少?")
        seen.replies(count)
    seen.ask("slow: how many books?")
    seen.pending()
    seen.page.wait_for_function(
        """() => document.querySelector(".wj-pending").getBoundingClientRect().bottom
                 <= document.querySelector("#wj-ask").getBoundingClientRect().top""",
        timeout=5_000,
    )
    bot.gate.set()
    seen.replies(4)


def test_question_is_shown_at_once_while_another_visitor_is_served(visit, standin):
    address, bot = standin
    bot.gate.clear()
    first, second = visit(address), visit(address)
    first.ask("slow: how many books?")
    first.pending()
    second.ask("几点开门?")
    second.pending()
    assert second.page.inner_text(".wj-question") == "几点开门?"
    second.page.fill("#wj-box textarea", "typed meanwhile")
    bot.gate.set()
    for seen in (first, second):
        assert seen.replies(1)[0].query_selector(".wj-text").inner_text().startswith("3万册")
        assert len(seen.page.query_selector_all(".wj-question")) == 1
    assert second.page.input_value("#wj-box textarea") == "typed meanwhile"
    assert bot.most_at_once == 1


def test_slow_computer_gets_its_ask_button_back(visit, standin):
    seen = visit(standin[0])
    seen.page.context.new_cdp_session(seen.page).send("Emulation.setCPUThrottlingRate", {"rate": 8})
    for count in (1, 2, 3):
        seen.ask("几点开门?")
        seen.replies(count)
        seen.page.wait_for_selector("#wj-send", state="visible", timeout=10_000)
        seen.page.wait_for_selector("#wj-stop", state="hidden")
