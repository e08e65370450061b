# At least 45 % of each vehicle's components by value from Italy, as benches/fleet/content.toml has it, asked of
# one vehicle at a time. Values are whole numbers of 1e-7 euro.
package filiera.content

import rego.v1

default range := "undetermined"

default legal := "undetermined"

# The papers of a list that are valid on a day: whether each says Italy.
valid(papers, day) := [paper.home |
	some paper in papers
	paper.from <= day
	day <= paper.to
]

of_part(line) := valid(object.get(data.of_parts, [line.part, line.supplier], []), line.received_on)

of_lot(line) := valid(object.get(data.of_lots, [line.part, line.supplier, line.lot], []), line.received_on)

# A lot's paper overrules its part's; papers that disagree, and none at all, leave the line open.
mark(line) := said(own) if {
	own := of_lot(line)
	count(own) > 0
} else := said(of_part(line))

said(homes) := "yes" if {
	count(homes) > 0
	not false in homes
}

said(homes) := "no" if {
	count(homes) > 0
	not true in homes
}

said(homes) := "maybe" if count(homes) == 0

said(homes) := "maybe" if {
	true in homes
	false in homes
}

lines := [{"value": data.prices[line.part] * line.quantity, "mark": mark(line)} |
	some line in input.installed
]

total := sum([line.value | some line in lines])

surely := sum([line.value | some line in lines; line.mark == "yes"])

perhaps := sum([line.value | some line in lines; line.mark == "maybe"])

speaks if input.plant_country == "IT"

range := "not_applicable" if {
	input.plant_country != null
	not speaks
}

range := "met" if {
	speaks
	total > 0
	surely * 100 >= total * 45
}

range := "not_met" if {
	speaks
	total > 0
	(surely + perhaps) * 100 < total * 45
}

# What nobody vouches for counts as not Italian.
legal := "not_applicable" if range == "not_applicable"

legal := "met" if {
	speaks
	total > 0
	surely * 100 >= total * 45
}

legal := "not_met" if {
	speaks
	total > 0
	surely * 100 < total * 45
}

found := {"range": range, "legal": legal}
