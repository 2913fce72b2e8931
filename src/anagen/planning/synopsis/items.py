"""The items of a trial protocol after SPIRIT 2025, with what each asks for, in short.

Numbers, sections and topics are those of table 1 of the statement, which is published under CC BY 4.0; what an item
asks for is put in fewer words here, and the statement itself is to be read beside it.

References
----------
.. [1] Chan et al. 2025, SPIRIT 2025 statement, doi:10.1136/bmj-2024-081477.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "SPIRIT 2025 statement, BMJ 2025;389:e081477, doi:10.1136/bmj-2024-081477"
TOP_ITEMS = 34
"""Items of the checklist; some have parts with letters."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item.

    Attributes
    ----------
    number : str
        As the checklist numbers it.
    section : str
        Of the checklist.
    title : str
        Topic.
    asks : str
        What a protocol has to say.
    """

    number: str
    section: str
    title: str
    asks: str


ADMINISTRATIVE = "Administrative information"
OPEN_SCIENCE = "Open science"
INTRODUCTION = "Introduction"
PUBLIC = "Methods: patient and public involvement, trial design"
PARTICIPANTS = "Methods: participants, interventions, and outcomes"
ASSIGNMENT = "Methods: assignment of interventions"
DATA = "Methods: data collection, management, and analysis"
MONITORING = "Methods: monitoring"
ETHICS = "Ethics"

ITEMS: tuple[Item, ...] = (
    Item("1a", ADMINISTRATIVE, "Title", "design, population and interventions, and that it is a protocol"),
    Item("1b", ADMINISTRATIVE, "Structured summary", "summary with the items of the WHO Trial Registration Data Set"),
    Item("2", ADMINISTRATIVE, "Protocol version", "date and identifier of the version"),
    Item("3a", ADMINISTRATIVE, "Contributors", "names, affiliations and roles of those who wrote the protocol"),
    Item("3b", ADMINISTRATIVE, "Sponsor", "name and contact of the sponsor"),
    Item("3c", ADMINISTRATIVE, "Role of sponsor and funders", "what sponsor and funders do and decide"),
    Item("3d", ADMINISTRATIVE, "Committees", "coordinating site, steering and endpoint committees, data management"),
    Item("4", OPEN_SCIENCE, "Trial registration", "registry, number with address, and date, or the intended registry"),
    Item("5", OPEN_SCIENCE, "Protocol and statistical analysis plan", "where both can be read"),
    Item("6", OPEN_SCIENCE, "Data sharing", "where and how data of participants, code and materials can be had"),
    Item("7a", OPEN_SCIENCE, "Funding", "sources of money and other support, such as supply of the product"),
    Item("7b", OPEN_SCIENCE, "Conflicts of interest", "those of principal investigators and steering committee"),
    Item("8", OPEN_SCIENCE, "Dissemination", "how results reach participants, professionals and the public"),
    Item("9a", INTRODUCTION, "Background and rationale", "rationale; studies of benefits and harms of each treatment"),
    Item("9b", INTRODUCTION, "Choice of comparator", "why this comparator"),
    Item("10", INTRODUCTION, "Objectives", "specific objectives on benefits and harms"),
    Item("11", PUBLIC, "Patient and public involvement", "what patients and public do in design, conduct, reporting"),
    Item("12", PUBLIC, "Trial design", "type of trial, allocation ratio and framework"),
    Item("13", PARTICIPANTS, "Trial setting", "kind of setting, countries and sites"),
    Item("14a", PARTICIPANTS, "Eligibility of participants", "criteria of inclusion and exclusion"),
    Item("14b", PARTICIPANTS, "Eligibility of sites and staff", "criteria for sites and those who give treatments"),
    Item("15a", PARTICIPANTS, "Interventions and comparator", "what is given, how, when and by whom, to be repeated"),
    Item("15b", PARTICIPANTS, "Stopping or changing treatment", "criteria to stop or change a participant's treatment"),
    Item("15c", PARTICIPANTS, "Adherence", "how adherence is helped and monitored"),
    Item("15d", PARTICIPANTS, "Concomitant care", "what is permitted or prohibited during the trial"),
    Item("16", PARTICIPANTS, "Outcomes", "measurement, metric, aggregation and time of each outcome"),
    Item("17", PARTICIPANTS, "Harms", "how harms are defined and assessed"),
    Item("18", PARTICIPANTS, "Participant timeline", "schedule of enrolment, treatments, assessments and visits"),
    Item("19", PARTICIPANTS, "Sample size", "how it was determined, with every assumption"),
    Item("20", PARTICIPANTS, "Recruitment", "how enough participants are enrolled"),
    Item("21a", ASSIGNMENT, "Sequence generation", "who makes the random sequence, and by which method"),
    Item("21b", ASSIGNMENT, "Type of randomisation", "simple or restricted, and the factors of stratification"),
    Item("22", ASSIGNMENT, "Allocation concealment", "how the sequence is kept hidden until treatments are assigned"),
    Item("23", ASSIGNMENT, "Implementation", "whether those who enrol or assign can see the sequence"),
    Item("24a", ASSIGNMENT, "Blinding: who", "who is blinded after assignment"),
    Item("24b", ASSIGNMENT, "Blinding: how", "how blinding is achieved, and how alike the treatments are"),
    Item("24c", ASSIGNMENT, "Unblinding", "when unblinding is permitted, and how"),
    Item("25a", DATA, "Data collection", "plans and instruments, their reliability and validity, and the forms"),
    Item("25b", DATA, "Retention", "how participants are kept, and what is collected of those who deviate"),
    Item("26", DATA, "Data management", "entry, coding, security and storage"),
    Item("27a", DATA, "Statistical methods", "methods for primary and secondary outcomes, and for harms"),
    Item("27b", DATA, "Who is analysed", "who is in each analysis, and in which group"),
    Item("27c", DATA, "Missing data", "how they are handled"),
    Item("27d", DATA, "Additional analyses", "subgroup, sensitivity and further analyses"),
    Item("28a", MONITORING, "Data monitoring committee", "members, role, independence, charter, or why none"),
    Item("28b", MONITORING, "Interim analyses", "looks and rules for stopping, who sees results and who decides"),
    Item("29", MONITORING, "Trial monitoring", "how often and how conduct is monitored, or why it is not"),
    Item("30", ETHICS, "Research ethics approval", "plans for approval by the ethics committee or review board"),
    Item("31", ETHICS, "Protocol amendments", "how changes reach those whom they concern"),
    Item("32a", ETHICS, "Consent or assent", "who obtains consent or assent, and how"),
    Item("32b", ETHICS, "Consent for ancillary studies", "further consent for data and specimens"),
    Item("33", ETHICS, "Confidentiality", "how personal information is protected before, during and after the trial"),
    Item("34", ETHICS, "Ancillary and post-trial care", "care after the trial, and compensation for harm"),
)  # fmt: skip
