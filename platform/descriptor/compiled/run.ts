/** One evaluation: the document it looks at, its variables, and the steps it may still take. */
export class Run {
  readonly root: unknown
  readonly variables: unknown[] = []
  private left: number

  constructor(root: unknown, maxSteps: number) {
    this.root = root
    this.left = maxSteps
  }

  /** Everything that takes time or room is paid for here, before it is done: there is no clock in it. */
  spend(steps: number): void {
    this.left -= steps
    if (this.left < 0) throw new Stopped()
  }

  /** A text costs by its length, as whoever reads it must go through it. */
  spendOn(text: string): void {
    if (text.length >= CHARACTERS_A_STEP) this.spend(Math.floor(text.length / CHARACTERS_A_STEP))
  }

  /** What it costs to walk through all of a value, paid before it is walked through. */
  spendOnAll(value: unknown): void {
    this.spend(1)
    if (typeof value === 'string') this.spendOn(value)
    else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) this.spendOnAll((value as Record<string, unknown>)[key])
    }
  }
}

const CHARACTERS_A_STEP = 16

/** What the language itself calls an error: the evaluation fails, here as there. */
export class Failed extends Error {}

/** The steps are used up. */
export class Stopped extends Error {}

/** A case where only the interpreter is sure to do as it does: it evaluates the expression instead. */
export class Left extends Error {}

export function fail(reason: string): never {
  throw new Failed(reason)
}

export function leave(): never {
  throw new Left()
}
