// One answer of a database of documents: evaluates a request with mingo.
// node answer.mjs DOCUMENTS REQUEST; both JSON. A request has `collection`, and `pipeline`, or `filter`, `sort`, `projection`, `limit`, `count`.
import { aggregate } from "mingo";

const documents = JSON.parse(process.argv[2]);
const { collection, filter, sort, projection, limit, count, pipeline } = JSON.parse(process.argv[3]);
const stages = pipeline ?? [
  ...(filter ? [{ $match: filter }] : []),
  ...(sort ? [{ $sort: sort }] : []),
  ...(limit > 0 ? [{ $limit: limit }] : []),
  ...(projection && Object.keys(projection).length > 0 ? [{ $project: projection }] : []),
  ...(count ? [{ $count: "n" }] : []),
];
const rows = aggregate(documents[collection], stages, { collectionResolver: (name) => structuredClone(documents[name]) });
console.log(JSON.stringify({ rows }));
