// Runs the requests of spec/vectors/mongo/sent.json with mingo, an evaluator of MongoDB's filters and pipelines that shares no code with Reeve.
// What is sent must find the same where every field that was not named is gone, and what the text itself finds where only declared fields are.
// And those of restricted.json: what is sent with masks finds what the request without them finds where the masks stand in the documents themselves.
// node check.mjs FOLDER; prints what is wrong and how many were run.
import { readFileSync } from "node:fs";
import { aggregate } from "mingo";

const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
const schema = read("schema.json");
const documents = read("documents.json");

function keep(value, fields, above = "") {
  if (Array.isArray(value)) return value.map((item) => keep(item, fields, above));
  if (value === null || typeof value !== "object") return value;
  const kept = {};
  for (const [name, inner] of Object.entries(value)) {
    const path = above + name;
    if (fields.includes(path)) kept[name] = inner;
    else if (fields.some((field) => field.startsWith(path + "."))) kept[name] = keep(inner, fields, path + ".");
  }
  return kept;
}

// There is no document without an _id: where it was not named it is another.
const only = (fields) =>
  Object.fromEntries(
    Object.entries(documents).map(([collection, list]) => [
      collection,
      list.map((one, at) => ({ _id: 1000 + at, ...keep(one, fields[collection] ?? []) })),
    ]),
  );

function stages(text, request) {
  if (text.operation === "aggregate") return request.pipeline;
  const found = [];
  if (request.filter) found.push({ $match: request.filter });
  if (text.operation === "count") return [...found, { $count: "n" }];
  if (text.sort) found.push({ $sort: text.sort });
  if (request.projection && Object.keys(request.projection).length > 0) found.push({ $project: request.projection });
  return found;
}

const sorted = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)
    ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, value[name]]))
    : value;
const run = (database, collection, pipeline) =>
  JSON.stringify(
    aggregate(structuredClone(database[collection]), structuredClone(pipeline), {
      collectionResolver: (name) => structuredClone(database[name]),
    }),
    (_, value) => sorted(value),
  );

// Also where there was none before, as a projection does it. In each element of a list MongoDB puts the mask; mingo leaves the field out.
function masked(value, path, above = "") {
  const [name, ...rest] = path;
  if (Array.isArray(value)) return value.map(({ [name]: gone, ...left }) => left);
  const inside = value !== null && typeof value === "object" ? value : {};
  return { ...inside, [name]: rest.length === 0 ? `[${above}${name}]` : masked(inside[name], rest, `${above}${name}.`) };
}

let ran = 0;
const wrong = [];
for (const { text, sent, fields } of read("sent.json")) {
  // Types that JSON has not are another matter, and mingo has no $comment. Of `leads` nobody declared the _id, which the text shows and the request does not.
  if (/"\$(oid|number|comment)/.test(JSON.stringify(text))) continue;
  // Beside a pipeline, mingo does not look at localField and foreignField.
  const hides = Object.keys(fields).includes("leads") || JSON.stringify(text).includes('"localField"');
  const whole = run(documents, text.collection, stages(text, sent));
  const narrow = run(only(fields), text.collection, stages(text, sent));
  const meant = run(only(schema), text.collection, stages(text, text));
  ran++;
  if (whole !== narrow || (!hides && whole !== meant))
    wrong.push(`${JSON.stringify(text)}\n  sent   ${JSON.stringify(sent)}\n  meant  ${meant}\n  whole  ${whole}\n  narrow ${narrow}`);
}
const restricted = read("restricted.json");
const twin = Object.fromEntries(
  Object.entries(documents).map(([collection, list]) => [
    collection,
    list.map((one) => restricted.masked[collection].reduce((left, field) => masked(left, field.split(".")), one)),
  ]),
);
for (const { text, plain, sent } of restricted.requests) {
  if (/"\$(oid|number|comment)/.test(JSON.stringify(text))) continue;
  const found = run(documents, text.collection, stages(text, sent));
  const meant = run(twin, text.collection, stages(text, plain));
  ran++;
  if (found !== meant) wrong.push(`${JSON.stringify(text)}\n  sent   ${JSON.stringify(sent)}\n  meant  ${meant}\n  found  ${found}`);
}
console.log(wrong.join("\n"));
console.log(`${ran} run, ${wrong.length} wrong`);
process.exit(wrong.length === 0 ? 0 : 1);
