/** Spoken guidance: each screen is read aloud while the visitor wishes it. */

/** Says the present screen once more. */
export function sayAgain() {}
