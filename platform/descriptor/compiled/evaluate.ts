import { copied } from './result.ts'
import { Failed, Left, Run, Stopped } from './run.ts'
import type { Evaluator } from './syntax.ts'
import { mayHoldMarks } from './values.ts'

type CompiledAnswer =
  | { outcome: 'value'; value: unknown }
  | { outcome: 'failed'; reason: string }
  | { outcome: 'stopped' }
  /** Only the interpreter is sure to do as it does with these values. */
  | { outcome: 'left' }

/** Evaluates over a document given as JSON, with so many steps. What it gives is fresh, and shared with nobody. */
export function evaluateCompiled(
  evaluate: Evaluator,
  json: string,
  limits: { maxSteps: number; maxCharacters: number },
): CompiledAnswer {
  if (mayHoldMarks(json)) return { outcome: 'left' }
  try {
    const document = JSON.parse(json) as unknown
    const result = copied(
      evaluate(wrapped(document), new Run(document, limits.maxSteps)),
      limits.maxCharacters,
    )
    return result.ok
      ? { outcome: 'value', value: result.value }
      : { outcome: 'failed', reason: result.reason }
  } catch (error) {
    if (error instanceof Failed) return { outcome: 'failed', reason: error.message }
    if (error instanceof Stopped) return { outcome: 'stopped' }
    // A stack or a text that grows too large is the interpreter's to judge, within its time.
    if (error instanceof Left || error instanceof RangeError) return { outcome: 'left' }
    throw error
  }
}

/** A document that is an array is looked at as one thing. */
const wrapped = (document: unknown): unknown =>
  Array.isArray(document)
    ? Object.assign([document], { sequence: true, outerWrapper: true })
    : document
