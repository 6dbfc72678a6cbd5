import { isBusinessDate } from '../../../../../../kernel/time.ts'

export type ParamKind = 'token' | 'reference' | 'date' | 'string'

/** What a caller did wrong; it becomes an OperationOutcome. */
export class FhirProblem extends Error {
  readonly status: number
  /** Of the code system issue-type. */
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const invalid = (message: string) => new FhirProblem(400, 'invalid', message)

/** The parameters of a search, each known and read by its kind. Errors: FhirProblem for any other. */
export class Query {
  readonly #values: URLSearchParams
  readonly count: number
  readonly offset: number

  constructor(values: URLSearchParams, known: Readonly<Record<string, ParamKind>>) {
    this.#values = values
    for (const name of new Set(values.keys())) {
      const kind = COMMON[name] ?? known[name]
      if (kind === undefined) throw invalid(`${name.slice(0, 40)} is no parameter of this search`)
      if (kind !== 'date' && values.getAll(name).length > 1) throw invalid(`${name} stands twice`)
    }
    this.count = this.#number('_count', 50, 200)
    this.offset = this.#number('_offset', 0, 1_000_000)
  }

  has(name: string): boolean {
    return this.text(name) !== null
  }

  text(name: string): string | null {
    return this.#values.get(name) || null
  }

  /** The value of 'system|value' or 'value'. */
  token(name: string): string | null {
    return this.text(name)?.split('|').at(-1) ?? null
  }

  /** The id of 'Type/id' or 'id'. */
  id(name: string, type: string): string | null {
    const value = this.text(name)
    if (value === null) return null
    const [first = '', second] = value.split('/')
    if (second === undefined) return first
    if (first !== type) throw invalid(`${name} is a ${type}`)
    return second
  }

  /** Both days inclusive; undefined where there is no bound. Takes eq, ge and le. */
  days(name: string): { from?: string; to?: string } {
    const days: { from?: string; to?: string } = {}
    for (const value of this.#values.getAll(name)) {
      const match = /^(eq|ge|le)?(\d{4}-\d{2}-\d{2})$/.exec(value)
      const [, prefix = 'eq', day = ''] = match ?? []
      if (!isBusinessDate(day)) throw invalid(`${name} is a day like ge2026-11-23`)
      if (prefix !== 'le') days.from = day
      if (prefix !== 'ge') days.to = day
    }
    return days
  }

  #number(name: string, usual: number, most: number): number {
    const text = this.#values.get(name)
    if (text === null) return usual
    if (!/^\d{1,7}$/.test(text)) throw invalid(`${name} is a whole number`)
    return Math.min(Number(text), most)
  }

  /** The same search from another place on. */
  at(offset: number): string {
    const values = new URLSearchParams(this.#values)
    if (offset > 0) values.set('_offset', String(offset))
    return values.toString()
  }
}

const COMMON: Readonly<Record<string, ParamKind>> = {
  _id: 'token',
  _count: 'string',
  _offset: 'string',
  _format: 'string',
}
