// Asks the house as a directory does, and lets libraries of others say what the answers should be: scimmy knows the schemas
// and messages, scim2-parse-filter which resources a filter fits, scim-patch what a PATCH makes of a resource.
import SCIMMY from "scimmy"
import scimPatch from "scim-patch"
import filters from "scim2-parse-filter"

const { url, token } = JSON.parse(process.env.RUCHE_SCIM_JUDGE)
const user = "urn:ietf:params:scim:schemas:core:2.0:User", group = "urn:ietf:params:scim:schemas:core:2.0:Group"
const work = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SCIMMY.Schemas.User.definition.extend(SCIMMY.Schemas.EnterpriseUser.definition)
let checks = 0
const problems = []

function check(what, fine, ...facts) {
	checks++
	if (!fine) problems.push([what, ...facts.map((fact) => JSON.stringify(fact))].join(" "))
}

function accepts(what, judge) {
	checks++
	try {
		return judge()
	} catch (error) {
		problems.push(`${what}: ${error.message}`)
	}
}

async function call(method, path, body, headers = {}) {
	const answer = await fetch(url + path, { method, headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/scim+json", ...headers }, body: body && JSON.stringify(body) })
	const text = await answer.text()
	return { status: answer.status, tag: answer.headers.get("ETag"), location: answer.headers.get("Location"), body: text ? JSON.parse(text) : undefined }
}

// resource lets scimmy read a resource, and checks what every one has.
function resource(kind, answer, status) {
	const { body } = answer
	check(`${kind} answered`, answer.status === status, answer)
	accepts(`${kind} ${body.id}`, () => new SCIMMY.Schemas[kind](structuredClone(body), "out", url))
	check(`${kind} meta`, body.meta.resourceType === kind && body.meta.location === `${url}/${kind}s/${body.id}` && body.meta.version === answer.tag, body.meta, answer.tag)
	return body
}

function refused(what, answer, status, type) {
	check(what, answer.status === status && answer.body.status === String(status) && answer.body.scimType === type, answer)
	try { // scimmy throws the error that it has read
		new SCIMMY.Messages.ErrorResponse(answer.body)
	} catch (error) {
		check(`${what}, as scimmy reads it`, error.message === answer.body.detail && String(error.status) === answer.body.status, error.message)
	}
}

function list(what, answer) {
	check(what, answer.status === 200 && answer.body.totalResults >= answer.body.Resources.length && answer.body.itemsPerPage === answer.body.Resources.length, answer.status)
	accepts(what, () => new SCIMMY.Messages.ListResponse(structuredClone(answer.body)))
	return answer.body.Resources
}

const sorted = (value) => Array.isArray(value) ? value.map(sorted).sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
	: value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value

// kept are the attributes in which two resources are compared: what the house adds by itself is left out.
const kept = ({ userName, externalId, title, active, name, emails, displayName, members, [work]: at }) => JSON.stringify(sorted({
	userName, externalId, title, active, displayName: members ? displayName : undefined, given: name?.givenName, family: name?.familyName,
	emails: emails?.map(({ value }) => value), department: at?.department, manager: at?.manager?.value, members: members?.map(({ value }) => value),
}))

async function patched(path, operations) {
	const before = (await call("GET", path)).body
	const want = scimPatch.scimPatch(structuredClone(before), structuredClone(operations))
	const got = await call("PATCH", path, { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: operations }, { "If-Match": before.meta.version })
	check(`patch ${JSON.stringify(operations)}`, got.status === 200 && kept(got.body) === kept({ members: before.members && [], ...want }), got.body, want)
}

const config = (await call("GET", "/ServiceProviderConfig")).body
accepts("ServiceProviderConfig", () => new SCIMMY.Schemas.ServiceProviderConfig(structuredClone(config), "out", url))
for (const type of list("ResourceTypes", await call("GET", "/ResourceTypes"))) accepts(type.name, () => new SCIMMY.Schemas.ResourceType(structuredClone(type), "out", url))
for (const schema of list("Schemas", await call("GET", "/Schemas"))) {
	const known = [SCIMMY.Schemas.User, SCIMMY.Schemas.Group, SCIMMY.Schemas.EnterpriseUser].find(({ id }) => id === schema.id)
	for (const attribute of schema.attributes) if (attribute.name !== "externalId") {
		const theirs = accepts(schema.id, () => known.definition.attribute(attribute.name))
		check(`${schema.id}:${attribute.name}`, theirs && theirs.type === attribute.type && theirs.config.multiValued === attribute.multiValued, attribute)
	}
}

const boss = resource("User", await call("POST", "/Users", { schemas: [user], userName: "boss@example.test", name: { givenName: "Berta", familyName: "Boss" } }), 201)
const people = []
for (let n = 0; n < 6; n++) people.push(resource("User", await call("POST", "/Users", {
	schemas: [user, work], userName: `person${n}@example.test`, externalId: `key-${n}`, name: { givenName: `Given${n}`, familyName: `Family${n % 2}` }, active: n !== 3, title: n % 2 ? "Chemist" : "Buyer",
	emails: [{ value: `mail${n}@example.test`, type: "work", primary: true }], [work]: { department: n < 3 ? "Lab" : "Sales", manager: { value: boss.id } },
}), 201))
refused("a taken name", await call("POST", "/Users", { schemas: [user], userName: "person0@example.test" }), 409, "uniqueness")
refused("no such account", await call("GET", "/Users/999999"), 404, undefined)
refused("no filter", await call("GET", "/Users?filter=nonsense"), 400, "invalidFilter")

const everyone = list("Users", await call("GET", "/Users"))
for (const filter of [
	`userName eq "person1@example.test"`, `userName sw "person"`, `userName ew ".test"`, `externalId eq "key-2"`, `externalId pr`, `title eq "Chemist" and active eq true`, `active eq false`, `not (active eq true)`,
	`title eq "Buyer" or externalId eq "key-1"`, `(title eq "Buyer" or title eq "Chemist") and not (externalId eq "key-1")`, `emails.value eq "mail4@example.test"`, `emails[type eq "work" and value eq "mail2@example.test"]`,
	`displayName co "Given"`, `id eq "${people[5].id}"`, `meta.created gt "2020-01-01T00:00:00Z"`, `meta.lastModified lt "2020-01-01T00:00:00Z"`, `userName ne "person1@example.test" and title pr`,
]) {
	const want = everyone.filter(filters.filter(filters.parse(filter))).map(({ id }) => id)
	const got = list(filter, await call("GET", `/Users?filter=${encodeURIComponent(filter)}`)).map(({ id }) => id)
	check(filter, JSON.stringify(got) === JSON.stringify(want), got, want)
}
const pages = []
for (let start = 1; start <= everyone.length; start += 3) pages.push(...list("page", await call("GET", `/Users?startIndex=${start}&count=3&sortBy=userName`)))
check("pages hold everyone once, in order", JSON.stringify(pages.map(({ userName }) => userName)) === JSON.stringify(everyone.map(({ userName }) => userName).sort()), pages.length)

const mona = `/Users/${people[0].id}`
await patched(mona, [{ op: "replace", path: "title", value: "Head" }])
await patched(mona, [{ op: "add", path: "externalId", value: "key-9" }, { op: "replace", path: "name.familyName", value: "Leroy" }])
await patched(mona, [{ op: "replace", value: { title: "Chief", active: false } }])
await patched(mona, [{ op: "replace", path: "active", value: true }, { op: "remove", path: "title" }])
await patched(mona, [{ op: "replace", path: `emails[type eq "work"].value`, value: "chief@example.test" }])
await patched(mona, [{ op: "replace", path: `${work}:department`, value: "Board" }])
await patched(mona, [{ op: "remove", path: "emails" }, { op: "remove", path: `${work}:manager` }])

const team = resource("Group", await call("POST", "/Groups", { schemas: [group], displayName: "Team", externalId: "team", members: [{ value: people[0].id }, { value: people[1].id }] }), 201)
const path = `/Groups/${team.id}`
await patched(path, [{ op: "add", path: "members", value: [{ value: people[2].id }, { value: people[3].id }] }])
await patched(path, [{ op: "remove", path: `members[value eq "${people[1].id}"]` }])
await patched(path, [{ op: "replace", path: "displayName", value: "Crew" }])
await patched(path, [{ op: "replace", path: "members", value: [{ value: people[4].id }] }])
await patched(path, [{ op: "remove", path: "members" }])
refused("a stale change", await call("PUT", path, { schemas: [group], displayName: "Stale" }, { "If-Match": team.meta.version }), 412, undefined)
resource("Group", await call("PUT", path, { schemas: [group], displayName: "Crew", members: [{ value: people[5].id }] }), 200)
list("Groups", await call("GET", "/Groups"))
check("the group is gone", (await call("DELETE", path)).status === 204 && (await call("GET", path)).status === 404)
check("the person is gone", (await call("DELETE", mona)).status === 204 && (await call("GET", mona)).status === 404)

console.log(JSON.stringify({ checks, problems }))
