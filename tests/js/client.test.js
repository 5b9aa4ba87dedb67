import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, test } from "node:test";
import { Client, Problem, uuid, within } from "/static/shared/client.js";

/**
 * A server that answers as it is told, one after another, and remembers what it was asked.
 * @typedef {{status: number, body?: object} | "cut"} Answer "cut": the line breaks
 */

/** @type {import("node:http").Server} */
let server;
/** @type {Client} */
let client;
/** @type {Answer[]} */
let answers;
/** @type {{method?: string, url?: string, headers: import("node:http").IncomingHttpHeaders, body: any}[]} */
let asked;

beforeEach(async () => {
  answers = [];
  asked = [];
  server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    asked.push({ method: request.method, url: request.url, headers: request.headers, body: text && JSON.parse(text) });
    const answer = answers.shift() ?? { status: 500 };
    if (answer === "cut") {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { "Content-Type": "application/json" });
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  client = new Client(`http://127.0.0.1:${port}/api/v1`, () => "device-7", [1]);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

for (const status of [502, 503, 504]) {
  test(`a command that met a server that is away (${status}) is sent again with the id it had, until it is answered`, async () => {
    answers = [{ status }, { status }, { status: 200, body: { outcome: "admitted" } }];
    /** @type {number[]} */
    const waits = [];
    const answer = await client.post(
      "/scans",
      { code: "C" },
      { id_field: "scan_id", onWaiting: (attempt) => waits.push(attempt) },
    );
    assert.deepEqual(answer, { outcome: "admitted" });
    assert.equal(asked.length, 3);
    assert.equal(new Set(asked.map(({ body }) => body.scan_id)).size, 1);
    assert.match(asked[0].body.scan_id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(waits, [1, 2]);
  });
}

test("a command whose answer was lost on the way is sent again with the id it had", async () => {
  answers = ["cut", { status: 200, body: {} }];
  await client.put("/visits/v1/services", { services: ["bank"] });
  assert.equal(asked.length, 2);
  assert.deepEqual(asked[1].body, asked[0].body);
});

test("two commands have two ids, and one that is given again keeps its own", async () => {
  answers = Array.from({ length: 4 }, () => ({ status: 200, body: {} }));
  await client.post("/visits/v1/hold", { minutes: 10 });
  await client.post("/visits/v1/hold", { minutes: 10 });
  const id = uuid();
  await client.post("/visits/v1/hold", { minutes: 10 }, { id });
  await client.post("/visits/v1/hold", { minutes: 10 }, { id });
  const ids = asked.map(({ body }) => body.command_id);
  assert.notEqual(ids[0], ids[1]);
  assert.deepEqual(ids.slice(2), [id, id]);
});

test("a server that says when to ask again is not asked before, and not waited for longer than people stand here", async () => {
  server.removeAllListeners("request");
  /** @type {number[]} */
  const at = [];
  server.on("request", (request, response) => {
    request.resume();
    at.push(performance.now());
    response.writeHead(at.length === 1 ? 503 : 200, { "Content-Type": "application/json", "Retry-After": "1" });
    response.end("{}");
  });
  await client.post("/visits/v1/leave", {});
  assert.ok(at[1] - at[0] > 800, `after ${at[1] - at[0]} ms, with the jitter that keeps screens apart`);
});

test("what is tried for a while only says that it gave up", async () => {
  answers = Array.from({ length: 500 }, () => ({ status: 503 }));
  await assert.rejects(client.post("/session", { staff: "N", pin: "1" }, { signal: within(300) }), { code: "gave_up" });
  assert.ok(asked.length >= 1);
  assert.equal(new Set(asked.map(({ body }) => body.command_id)).size, 1);
});

test("the highest number that was told is said with the next request", async () => {
  answers = [{ status: 200, body: { visit: { number: 41 } } }, { status: 200 }];
  client.shown.on("l_1/2019-12-27");
  await client.post("/visits/v1/hold", { minutes: 10 });
  await client.get("/venue");
  assert.deepEqual(
    asked.map(({ headers }) => headers["x-riwaq-shown"]),
    [undefined, "l_1/2019-12-27=41"],
  );
});

test("a refusal is thrown at once with its code, and not asked again", async () => {
  answers = [{ status: 409, body: { code: "wrong_state", detail: "It was called.", state: "called" } }];
  await assert.rejects(client.post("/visits/v1/leave", {}), (problem) => {
    assert.ok(problem instanceof Problem);
    assert.deepEqual([problem.status, problem.code, problem.body.state], [409, "wrong_state", "called"]);
    return true;
  });
  assert.equal(asked.length, 1);
});

test("a fault of the server is no reason to repeat a command", async () => {
  answers = [{ status: 500, body: { code: "internal" } }, { status: 200 }];
  await assert.rejects(client.post("/visits/v1/leave", {}), { code: "internal" });
  assert.equal(asked.length, 1);
});

test("without retry one attempt is made: away is `unavailable`, and 503 what it says", async () => {
  answers = ["cut", { status: 503, body: { code: "busy" } }];
  await assert.rejects(client.get("/venue", { retry: false }), { code: "unavailable", status: 0 });
  await assert.rejects(client.get("/venue", { retry: false }), { status: 503 });
  assert.equal(asked.length, 2);
});

test("an answer that is cut short is asked for again, never taken for empty", async () => {
  server.removeAllListeners("request");
  let times = 0;
  server.on("request", (request, response) => {
    request.resume();
    times += 1;
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(times === 1 ? '{"languages": ["ar"' : '{"languages": ["ar"]}');
  });
  assert.deepEqual(await client.get("/venue"), { languages: ["ar"] });
  assert.equal(times, 2);
});

test("who gives up is not kept waiting, and nothing more is sent", async () => {
  answers = Array.from({ length: 50 }, () => ({ status: 503 }));
  const stop = new AbortController();
  const reason = new Problem(0, { code: "abandoned" });
  const given = client.post("/visits/v1/leave", {}, { signal: stop.signal, onWaiting: () => stop.abort(reason) });
  await assert.rejects(given, { code: "abandoned" });
  assert.equal(asked.length, 1);
});

test("who gives up during a long pause is let go at once", { timeout: 120_000 }, async () => {
  client.pauses = [3_600_000];
  answers = [{ status: 503 }];
  const stop = new AbortController();
  const given = client.post(
    "/visits/v1/leave",
    {},
    { signal: stop.signal, onWaiting: () => setTimeout(() => stop.abort(new Problem(0, { code: "abandoned" })), 5) },
  );
  await assert.rejects(given, { code: "abandoned" });
});

test("every request says which of the browser's devices asks", async () => {
  answers = [{ status: 200, body: {} }, { status: 204 }];
  await client.get("/venue");
  await client.del("/session");
  assert.deepEqual(
    asked.map(({ method, headers }) => [method, headers["x-riwaq-device"]]),
    [
      ["GET", "device-7"],
      ["DELETE", "device-7"],
    ],
  );
});
