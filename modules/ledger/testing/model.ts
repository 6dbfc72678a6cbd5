import { assert } from '../../../kernel/assert.ts'

// What the ledger does, in a few lines: one request after the other, in memory. Only for what the tests ask.

export type ModelAccount = { side: 1 | -1; floor: number | null; ceiling: number | null }

export type ModelRequest =
  | { do: 'post'; cause: string; moves: readonly Move[]; isClosed: boolean }
  | { do: 'hold'; cause: string; debit: string; credit: string; amount: number }
  | { do: 'post_hold'; hold: string; cause: string; amount: number | null; keeps: boolean }
  | { do: 'void_hold'; hold: string }

export type Move = { debit: string; credit: string; amount: number }

export class Model {
  readonly balances = new Map<string, { debits: number; held: number }>()
  private readonly accounts: ReadonlyMap<string, ModelAccount>
  private readonly entries = new Map<string, string>()
  private readonly holds = new Map<string, Hold>()

  constructor(accounts: ReadonlyMap<string, ModelAccount>) {
    this.accounts = accounts
    for (const code of accounts.keys()) this.balances.set(code, { debits: 0, held: 0 })
  }

  judge(request: ModelRequest): string {
    switch (request.do) {
      case 'post':
        return this.post(request)
      case 'hold':
        return this.hold(request)
      case 'post_hold':
        return this.postHold(request)
      case 'void_hold':
        return this.voidHold(request)
    }
  }

  private post({ cause, moves, isClosed }: Extract<ModelRequest, { do: 'post' }>): string {
    const content = JSON.stringify(moves)
    const known = this.entries.get(cause)
    if (known !== undefined) return known === content ? 'exists' : 'exists_with_different'
    if (isClosed) return 'closed_date'
    const refusal = this.change(moves, new Map())
    if (refusal) return refusal
    this.entries.set(cause, content)
    return 'posted'
  }

  private hold(request: Extract<ModelRequest, { do: 'hold' }>): string {
    const { cause, debit, credit, amount } = request
    const content = JSON.stringify([debit, credit, amount])
    const known = this.holds.get(cause)
    if (known) return known.content === content ? 'exists' : 'exists_with_different'
    const refusal = this.change([], new Map([[credit, amount]]))
    if (refusal) return refusal
    this.holds.set(cause, { content, debit, credit, left: amount, end: null, causes: new Set() })
    return 'held'
  }

  private postHold(request: Extract<ModelRequest, { do: 'post_hold' }>): string {
    const held = this.holds.get(request.hold)
    if (!held) return 'hold_not_found'
    if (held.causes.has(request.cause)) return 'exists'
    if (held.end) return `already_${held.end}`
    if ((request.amount ?? 0) > held.left) return 'exceeds_held'
    const amount = request.amount ?? held.left
    const move = { debit: held.debit, credit: held.credit, amount }
    const known = this.entries.get(request.cause)
    if (known !== undefined && known !== JSON.stringify([move])) return 'exists_with_different'
    const keeps = request.keeps && amount < held.left
    const freed = keeps ? amount : held.left
    const refusal = this.change(
      known === undefined ? [move] : [],
      new Map([[held.credit, 0 - freed]]),
    )
    if (refusal) return refusal
    this.entries.set(request.cause, JSON.stringify([move]))
    held.causes.add(request.cause)
    held.left -= freed
    if (!keeps) held.end = 'posted'
    return 'posted'
  }

  private voidHold({ hold }: Extract<ModelRequest, { do: 'void_hold' }>): string {
    const held = this.holds.get(hold)
    if (!held) return 'hold_not_found'
    if (held.end) return `already_${held.end}`
    this.change([], new Map([[held.credit, 0 - held.left]]))
    held.end = 'voided'
    return 'voided'
  }

  /** Moves, or says what stands against it and moves nothing. */
  private change(moves: readonly Move[], promises: ReadonlyMap<string, number>): string | null {
    const after = new Map([...this.balances].map(([code, known]) => [code, { ...known }]))
    const of = (code: string) => {
      const known = after.get(code)
      assert(known, `the model has the account ${code}`)
      return known
    }
    for (const { debit, credit, amount } of moves) {
      of(debit).debits += amount
      of(credit).debits -= amount
    }
    for (const [code, held] of promises) of(code).held += held
    const wrong = [...after].map(([code, then]) =>
      this.wrongOf(code, then, promises.get(code) ?? 0),
    )
    if (wrong.includes('insufficient')) return 'insufficient'
    if (wrong.includes('exceeds_limit')) return 'exceeds_limit'
    for (const [code, then] of after) this.balances.set(code, then)
    return null
  }

  private wrongOf(code: string, then: { debits: number; held: number }, promised: number) {
    const account = this.accounts.get(code)
    const now = this.balances.get(code)
    assert(account && now, `the model has the account ${code}`)
    const { side, floor, ceiling } = account
    const free = side * then.debits - then.held
    const isLess = free < side * now.debits - now.held
    if (isLess && (floor !== null || promised > 0) && free < (floor ?? 0)) return 'insufficient'
    const isMore = side * then.debits > side * now.debits
    return isMore && ceiling !== null && side * then.debits > ceiling ? 'exceeds_limit' : null
  }
}

type Hold = {
  content: string
  debit: string
  credit: string
  left: number
  end: 'posted' | 'voided' | null
  causes: Set<string>
}
