import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { number, text } from '../interface/reading.ts'

const Person = Type.Object(
  { idCardNo: number(18), name: number(50) },
  { additionalProperties: false },
)

export const FixturesSchema = Type.Object(
  {
    /** Two people whom the hospital knows, with nothing open that matters. */
    patients: Type.Array(Person, { minItems: 2, maxItems: 2 }),
    /** More people whom the hospital knows: names with ·, with rare characters, very short and very long. */
    oddlyNamed: Type.Optional(Type.Array(Person, { maxItems: 20 })),
    /** Where the sandbox lets the kit act as the hospital's staff. */
    hands: Type.Optional(
      Type.Object(
        { url: number(500), token: Type.Optional(text(500)) },
        { additionalProperties: false },
      ),
    ),
    /** Where the kit listens as the hub, for what the sandbox tells it; the sandbox must know the address. */
    listener: Type.Optional(
      Type.Object(
        { port: Type.Integer({ minimum: 0, maximum: 65_535 }) },
        { additionalProperties: false },
      ),
    ),
    /** How many payments to make for a day list of many pages; needs the hands bills.open and time.move. */
    bigDay: Type.Optional(Type.Integer({ minimum: 0, maximum: 5_000 })),
    /** Checks that the product cannot pass, and why: they are tried, and what fails of them is said to be declared. */
    deviations: Type.Optional(
      Type.Array(
        Type.Object({ check: number(80), reason: number(200) }, { additionalProperties: false }),
        { maxItems: 50 },
      ),
    ),
  },
  { additionalProperties: false },
)

/** What a vendor prepares for a run. */
export type Fixtures = Type.Static<typeof FixturesSchema>

const Checked = Compile(FixturesSchema)

/** Reads what a fixtures file holds, or says what is wrong with it, without the values. */
export function readFixtures(value: unknown): { fixtures: Fixtures } | { problem: string } {
  if (Checked.Check(value)) return { fixtures: value }
  const [first] = Checked.Errors(value)
  return { problem: `${first?.instancePath || '/'} ${first?.message ?? 'is no fixtures file'}` }
}
