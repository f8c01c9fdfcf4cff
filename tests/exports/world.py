"""The invented customers that all exports are about."""

OWNERS = (
    ("Anna Berg", "anna@example.com"),
    ("Tim Roth", "tim@example.com"),
)

# name, domain, city, zip, employees
COMPANIES = (
    ("Amber Bakery", "amber", "Kiel", "24103", 12),
    ("Birch Optics", "birch", "Jena", "07743", 240),
    ("Cedar Freight", "cedar", "Bremen", "28195", 85),
    ("Dune Hotels", "dune", "Sylt", "25980", 61),
    ("Elm Dental", "elm", "Bonn", "53111", 9),
    ("Fjord Cables", "fjord", "Husum", "25813", 130),
    ("Grove Print", "grove", "Mainz", "55116", 34),
    ("Heath Tools", "heath", "Celle", "29221", 410),
    ("Iris Media", "iris", "Köln", "50667", 18),
    ("Juniper Foods", "juniper", "Fulda", "36037", 77),
    ("Kestrel Drones", "kestrel", "Ulm", "89073", 22),
    ("Lake Systems", "lake", "Trier", "54290", 55),
)

# first name, last name, number of the company, job title
PEOPLE = (
    ("Ada", "Quist", 0, "Owner"),
    ("Ben", "Rask", 0, "Baker"),
    ("Cleo", "Sand", 1, "Buyer"),
    ("Dov", "Tamm", 1, "Engineer"),
    ("Edda", "Ufer", 2, "Dispatcher"),
    ("Finn", "Vold", 2, "Head of Sales"),
    ("Gita", "Wern", 3, "Manager"),
    ("Hugo", "Yard", 3, "Concierge"),
    ("Ines", "Zorn", 4, "Dentist"),
    ("Jon", "Abel", 5, "Technician"),
    ("Kaja", "Brun", 5, "Buyer"),
    ("Leif", "Corr", 6, "Printer"),
    ("Mona", "Dahl", 7, "Purchasing"),
    ("Nils", "Egge", 7, "Smith"),
    ("Olga", "Fynn", 8, "Editor"),
    ("Piet", "Gold", 9, "Cook"),
    ("Rosa", "Holm", 9, "Buyer"),
    ("Sven", "Isak", 10, "Pilot"),
    ("Thea", "Jorn", 11, "Architect"),
    ("Ulf", "Kern", 11, "Analyst"),
)

# name, number of the person, amount, how it stands
DEALS = (
    ("Ovens", 0, 12500.5, "open"),
    ("Lenses", 2, 48000, "won"),
    ("Tracking", 4, 7300, "lost"),
    ("Booking site", 6, 15750.25, "open"),
    ("X-ray", 8, 22000, "won"),
    ("Sea cable", 9, 130000, "open"),
    ("Press service", 11, 900, "lost"),
    ("Tool cribs", 12, 5400, "open"),
    ("Archive", 14, 3200.75, "won"),
    ("Kitchen", 15, 41000, "open"),
    ("Swarm pilot", 17, 18800, "open"),
    ("Audit", 18, 6100, "lost"),
)


def address(number):
    """The e-mail address of a person."""
    first, last, company, _title = PEOPLE[number]
    return f"{first}.{last}@{COMPANIES[company][1]}.example.com".lower()


def full_name(number):
    return " ".join(PEOPLE[number][:2])


def owner(number):
    """Name of the user that has the record of this number."""
    return OWNERS[number % 2][0]
