"""Workflow definitions are told in words, and nothing in them is carried out."""

import json

import pytest

from lib.automations import Step, read_automation

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:activiti="http://activiti.org/bpmn"
             targetNamespace="http://example.com/approval">
  <process id="approval" name="Document approval" isExecutable="true">
    <startEvent id="start" name="Document submitted">
      <messageEventDefinition messageRef="submitted"/>
    </startEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="review"/>
    <userTask id="review" name="Review the document" activiti:assignee="${reviewer}"/>
    <sequenceFlow id="f2" sourceRef="review" targetRef="decide"/>
    <exclusiveGateway id="decide" name="Approved?"/>
    <sequenceFlow id="f3" sourceRef="decide" targetRef="mail">
      <conditionExpression><![CDATA[${outcome == 'APPROVE'}]]></conditionExpression>
    </sequenceFlow>
    <serviceTask id="mail" name="Tell the author"
                 activiti:expression="${mailer.send(author)}"/>
    <boundaryEvent id="late" attachedToRef="review">
      <timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <endEvent id="end"/>
  </process>
</definitions>"""


def read(**values):
    automation, problem = read_automation(values)
    assert problem is None
    return automation


def refused(**values):
    automation, problem = read_automation(values)
    assert problem
    return automation, problem


def test_bpmn_tells_trigger_conditions_actions_and_steps():
    found = read(definition=BPMN)
    assert found.name == "Document approval"
    assert found.trigger == "Document submitted: message submitted"
    assert found.conditions == ("Approved? → Tell the author: ${outcome == 'APPROVE'}",)
    assert found.actions == (
        "Review the document: assignee ${reviewer}",
        "Tell the author: expression ${mailer.send(author)}",
    )
    assert Step("late", "boundaryEvent", "timeDuration P3D") in found.steps
    assert found.active is None


def test_cells_of_the_row_come_before_its_definition():
    found = read(definition=BPMN, name="Approval", active="no", trigger="On upload")
    assert (found.name, found.trigger, found.active) == ("Approval", "On upload", False)
    assert len(found.actions) == 2


def test_a_sheet_is_enough_without_a_definition():
    found = read(
        name="Welcome",
        trigger="Lead created",
        conditions="Source is web\nCountry is Spain",
        actions="Send mail\n\nCreate task",
        active="yes",
    )
    assert found.conditions == ("Source is web", "Country is Spain")
    assert found.actions == ("Send mail", "Create task")
    assert found.active is True


def test_json_is_read_whatever_words_it_uses():
    definition = json.dumps(
        {
            "name": "Follow up",
            "event": "stage changed",
            "criteria": [{"field": "stage", "is": "Won"}],
            "then": ["create task"],
            "enabled": False,
            "tasks": [{"name": "Call", "type": "task"}, "Write"],
        }
    )
    found = read(definition=definition)
    assert found.as_dict() == {
        "name": "Follow up",
        "trigger": "stage changed",
        "conditions": ["field: stage, is: Won"],
        "actions": ["create task"],
        "active": False,
        "steps": [
            {"name": "Call", "kind": "task", "details": ""},
            {"name": "Write", "kind": "", "details": ""},
        ],
    }


def test_a_row_of_a_list_of_workflows_without_definitions_keeps_name_and_state():
    found = read(name="ACM Document Approval Process", active=False, definition=None)
    assert (found.name, found.active) == ("ACM Document Approval Process", False)
    assert found.steps == ()


@pytest.mark.parametrize(
    "definition",
    [
        "<definitions",
        "<html><body/></html>",
        '<!DOCTYPE d [<!ENTITY a "b">]>' + BPMN.partition("?>")[2].strip(),
        BPMN.replace("process", "other"),
        "no workflow at all",
        "[1, 2]",
        "[" * 100_000,
        "<!--" + "x" * (5 * 1024 * 1024) + "-->",
    ],
    ids=["cut", "html", "entities", "no process", "text", "list", "deep", "large"],
)
def test_a_definition_that_cannot_be_read_is_told_and_the_row_stays(definition):
    found, problem = refused(name="Approval", definition=definition)
    assert found.name == "Approval"
    assert problem.code == "definition_unreadable"
    assert problem.field == "definition"
    assert "describe the workflow in words" in problem.text()


def test_an_external_entity_is_never_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    document = BPMN.replace("?>", f'?><!DOCTYPE d [<!ENTITY x SYSTEM "{secret}">]>', 1)
    document = document.replace("${outcome == 'APPROVE'}", "").replace(
        "<![CDATA[]]>", "&x;"
    )
    found, _problem = refused(definition=document)
    assert "secret words" not in str(found)


def test_whether_it_is_active_is_not_guessed():
    found, problem = refused(name="Approval", active="perhaps")
    assert found.active is None
    assert (problem.code, problem.field) == ("boolean_invalid", "active")
