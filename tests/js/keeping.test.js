import assert from "node:assert/strict";
import { test } from "node:test";
import { found, written } from "../../booth_display/tablet/static/keeping.js";

const GIVEN = { action: "finish", id: "6f3c", at: 1_000_000 };
const SECRET = "she asked about her late husband";

// Every field in which somebody's words or somebody's card can stand.
const PRIVATE = {
  note: { body: { text: SECRET } },
  incomplete: { body: { outcome: "incomplete", note: SECRET } },
  referred: { body: { outcome: "referred", referral: { office: "social", subject: SECRET } } },
  scan: { body: { code: SECRET } },
};

for (const [name, { body }] of Object.entries(PRIVATE)) {
  test(`what was typed or shown is never in the browser's storage: ${name}`, () => {
    const text = written({ ...GIVEN, body });
    assert.ok(!text.includes(SECRET));
    assert.ok(!text.includes("office"));
  });

  test(`a reload does not send half of it again, it says that it may be lost: ${name}`, () => {
    const { kept, lost } = found(written({ ...GIVEN, body }), GIVEN.at + 1);
    assert.equal(kept, undefined);
    assert.equal(lost?.action, "finish");
  });
}

test("a command with nobody's words in it goes on after a reload, with the id it had", () => {
  const given = { ...GIVEN, body: { outcome: "served", step: "s1" }, path: "/visits/v1/reprint" };
  assert.deepEqual(found(written(given), given.at + 119_999), { kept: given });
});

test("after two minutes a command is not sent by itself any more", () => {
  const given = { ...GIVEN, body: { outcome: "served" } };
  const { kept, lost } = found(written(given), given.at + 120_000);
  assert.equal(kept, undefined);
  assert.equal(lost?.id, "6f3c");
});

test("an empty storage, or one that is damaged, holds nothing to go on with", () => {
  assert.deepEqual(found(null, 0), {});
  assert.deepEqual(found("{", 0), {});
});
