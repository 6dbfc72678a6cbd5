import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { type Canary, noCanaries } from '../../platform/canary.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { balancesOf } from './balance-store.ts'
import type { Account, HoldId } from './entry.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { problemsOf } from './testing/checks.ts'

// The ledger beside a few lines that say what it should do, under any sequence of what can be asked of it.

const ACCOUNTS: readonly Account[] = [
  { code: 'a', kind: 'asset' },
  { code: 'b', kind: 'asset' },
  { code: 'c', kind: 'liability' },
]
const TODAY = businessDate('2026-11-21')

const index = fc.nat({ max: 2 })
const amount = fc.integer({ min: 1, max: 50 })
const command = fc.oneof(
  fc.record({
    do: fc.constant('post' as const),
    cause: fc.nat(8),
    debit: index,
    credit: index,
    amount,
  }),
  fc.record({ do: fc.constant('hold' as const), cause: fc.nat(4), credit: fc.nat(1), amount }),
  fc.record({ do: fc.constantFrom('post_hold' as const, 'void_hold' as const), cause: fc.nat(4) }),
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

let db: TestDatabase
let hospitals = 0

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

describe('[B1] any sequence of posts and holds', () => {
  it('keeps every balance as the model has it, both sides equal, and no fen promised twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 20 }), async (commands) => {
        expect(await differences(commands)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it.each(['double_posting', 'oversold_hold'] as const)(
    'differs from the model with the bug "%s" planted',
    async (canary) => {
      const commands: Command[] = [
        { do: 'post', cause: 1, debit: 0, credit: 2, amount: 50 },
        { do: 'hold', cause: 1, credit: 0, amount: 40 },
        { do: 'hold', cause: 2, credit: 0, amount: 40 },
      ]
      expect(await differences(commands)).toEqual([])
      expect(await differences(commands, canary)).not.toEqual([])
    },
  )
})

/** Runs the commands against ledger and model; what they disagree on, and what is wrong in the books. */
async function differences(commands: readonly Command[], canary?: Canary): Promise<string[]> {
  const hospitalId = ++hospitals as HospitalId
  const { clock, newId } = testPlatform()
  const ledger = createLedger({ clock, newId, canaries: canary ? new Set([canary]) : noCanaries })
  const model = newModel()
  const found: string[] = []
  for (const [i, step] of commands.entries()) {
    if (step.do === 'post' && step.debit === step.credit) continue
    const expected = applyToModel(model, step)
    const outcome = await inHospital(db, hospitalId, (tx) =>
      applyToLedger(ledger, tx, hospitalId, model, step),
    )
    if (outcome !== expected) found.push(`step ${i}: ${outcome}, and not ${expected}`)
    const problems = await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))
    found.push(...problems)
  }
  const accounts = await inHospital(db, hospitalId, (tx) => balancesOf(tx, hospitalId))
  for (const { code, debitFen, creditFen, heldFen } of accounts) {
    const known = model.accounts.get(code) ?? { balance: 0, held: 0 }
    if (debitFen - creditFen !== known.balance) found.push(`balance of ${code}`)
    if (heldFen !== known.held) found.push(`held of ${code}`)
  }
  return found
}

type Model = ReturnType<typeof newModel>

const newModel = () => ({
  accounts: new Map<string, { balance: number; held: number }>(),
  entries: new Map<number, string>(),
  holds: new Map<number, { of: string; credit: string; amount: number; end: string | null }>(),
  holdIds: new Map<number, HoldId>(),
})

function applyToModel(model: Model, step: Command): string {
  const account = (code: string) => {
    const known = model.accounts.get(code) ?? { balance: 0, held: 0 }
    model.accounts.set(code, known)
    return known
  }
  switch (step.do) {
    case 'post': {
      const content = JSON.stringify(step)
      const known = model.entries.get(step.cause)
      if (known !== undefined) return known === content ? 'exists' : 'exists_with_different'
      model.entries.set(step.cause, content)
      account(codeOf(step.debit)).balance += step.amount
      account(codeOf(step.credit)).balance -= step.amount
      return 'posted'
    }
    case 'hold': {
      const content = JSON.stringify(step)
      const known = model.holds.get(step.cause)
      if (known) return known.of === content ? 'exists' : 'exists_with_different'
      const credit = codeOf(step.credit)
      const { balance, held } = account(credit)
      if (balance - held < step.amount) return 'insufficient'
      account(credit).held += step.amount
      model.holds.set(step.cause, { of: content, credit, amount: step.amount, end: null })
      return 'held'
    }
    case 'post_hold':
    case 'void_hold': {
      const known = model.holds.get(step.cause)
      if (!known) return 'hold_not_found'
      if (known.end) return `already ${known.end}`
      known.end = step.do === 'post_hold' ? 'posted' : 'voided'
      account(known.credit).held -= known.amount
      if (step.do === 'post_hold') {
        account(known.credit).balance -= known.amount
        account('c').balance += known.amount
      }
      return 'ended'
    }
  }
}

async function applyToLedger(
  ledger: Ledger,
  tx: Tx,
  hospitalId: HospitalId,
  { holdIds }: Model,
  step: Command,
): Promise<string> {
  switch (step.do) {
    case 'post': {
      const transfers = [
        {
          debit: accountOf(step.debit),
          credit: accountOf(step.credit),
          amountFen: fen(step.amount),
        },
      ]
      const fact = { businessDate: TODAY, cause: `post ${step.cause}`, subject: 's', memo: 'm' }
      return (await ledger.post(tx, { hospitalId, ...fact, transfers })).outcome
    }
    case 'hold': {
      const result = await ledger.hold(tx, {
        hospitalId,
        cause: `hold ${step.cause}`,
        subject: 's',
        debit: accountOf(2),
        credit: accountOf(step.credit),
        amountFen: fen(step.amount),
      })
      if (result.outcome === 'held') holdIds.set(step.cause, result.holdId)
      return result.outcome
    }
    case 'post_hold':
    case 'void_hold': {
      const nobody = '0190b3a0-0000-7000-8000-000000000009' as HoldId
      const id = holdIds.get(step.cause) ?? nobody
      const fact = { businessDate: TODAY, cause: `gone ${step.cause}`, memo: 'm' }
      const ended =
        step.do === 'post_hold'
          ? await ledger.postHold(tx, hospitalId, id, fact)
          : await ledger.voidHold(tx, hospitalId, id)
      return ended.outcome === 'already' ? `already ${ended.end}` : ended.outcome
    }
  }
}

const accountOf = (i: number): Account => ACCOUNTS[i] ?? { code: 'a', kind: 'asset' }
const codeOf = (i: number): string => accountOf(i).code
