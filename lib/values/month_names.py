"""Months, weekdays and the small words around them in seven languages.

English, German, French, Spanish, Italian, Dutch and Portuguese, without accents.
"""

_MONTHS = (
    "january jan januar janner jaenner janvier janv enero ene gennaio gen januari "
    "janeiro",
    "february feb februar feber fevrier fevr fev febrero febbraio februari fevereiro",
    "march mar marz maerz mrz mars marzo maart mrt marco",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag mei maio",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug aout aou agosto ago augustus",
    "september sep sept septembre septiembre setiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dic dicembre dezembro",
)

MONTHS = {
    name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()
}

WEEKDAYS = frozenset(
    "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri "
    "saturday sat sunday sun montag mo dienstag di mittwoch mi donnerstag do freitag "
    "fr samstag sonnabend sa sonntag so lundi lun mardi mar mercredi mer jeudi jeu "
    "vendredi ven samedi sam dimanche dim lunes martes miercoles mie jueves jue "
    "viernes vie sabado sab domingo dom lunedi martedi mercoledi giovedi gio venerdi "
    "sabato domenica maandag ma dinsdag woensdag woe donderdag don vrijdag vr vrij "
    "zaterdag za zat zondag zo zon segunda seg terca ter quarta qua quinta qui sexta "
    "sex feira".split()
)

NOISE = frozenset(
    "st nd rd th er o a of the de del di d el le den der il op em at um om alle ore "
    "as las uhr the on am".split()
)
