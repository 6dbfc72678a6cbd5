import { compileExpression } from './compiled/compile.ts'
import { evaluateCompiled } from './compiled/evaluate.ts'
import type { Evaluator, Node } from './compiled/syntax.ts'
import { createSandbox, stoppedAfter } from './expressions-sandbox.ts'

// JSONata. What mappings use of it is compiled (compiled/compile.ts), all else is evaluated by its own interpreter in a
// sandbox (expressions-sandbox.ts), with the same results and the same limits.

export type Evaluation = { ok: true; value: unknown } | { ok: false; reason: string }

export type Expressions = {
  /** Never throws: what cannot be evaluated in time, or gives too much, says why. Plain JSON in and out. */
  evaluate(expression: string, input: unknown): Evaluation
  /** Why an expression cannot be read; null when it can. `position` counts its characters. */
  problemOf(expression: string): { reason: string; position: number | null } | null
  /** Whether a text fits a regular expression, within the same time. */
  fits(pattern: string, text: string): boolean
}

/** Stopped after so long. A machine under load needs most of it, an honest expression a thousandth. */
const EXPRESSION_MS = 500
const MAX_OUTPUT_CHARACTERS = 200_000
const MAX_INPUT_CHARACTERS = 8_388_608
const MAX_REASON_LENGTH = 200
/** What stands for a millisecond where steps are counted: a machine of today takes less time for so many. */
const STEPS_A_MS = 10_000
const MAX_COMPILED = 1_000

/** One for each channel, so that no expression can leave anything behind for another hospital's. */
export function createExpressions(
  timeoutMs: number = EXPRESSION_MS,
  mostCharacters: number = MAX_OUTPUT_CHARACTERS,
): Expressions {
  const sandbox = createSandbox(timeoutMs, mostCharacters)
  const compiled = new Map<string, Evaluator | null>()
  return {
    evaluate(expression, input) {
      const json = JSON.stringify(input)
      if (json.length > MAX_INPUT_CHARACTERS) return failed('its input is too large')
      return byCompiled(expression, json) ?? bySandbox(expression, json)
    },
    problemOf: (expression) => sandbox.problemOf(expression),
    fits: (pattern, text) => sandbox.fits(pattern, text),
  }

  /** Null where the sandbox has to evaluate it. */
  function byCompiled(expression: string, json: string): Evaluation | null {
    const evaluator = compiledOf(expression)
    if (evaluator === null) return null
    const answer = evaluateCompiled(evaluator, json, {
      maxSteps: timeoutMs * STEPS_A_MS,
      maxCharacters: mostCharacters,
    })
    switch (answer.outcome) {
      case 'value':
        return { ok: true, value: answer.value }
      case 'failed':
        return failed(answer.reason)
      case 'stopped':
        return failed(stoppedAfter(timeoutMs))
      case 'left':
        return null
    }
  }

  /** The sandbox reads it, too: nobody else's text is parsed out here, where nothing would stop it. */
  function compiledOf(expression: string): Evaluator | null {
    const known = compiled.get(expression)
    if (known !== undefined) return known
    const said = sandbox.treeOf(expression)
    // A busy machine may have stopped the reading: whatever it was, it is tried again the next time.
    if ('problem' in said || said.value === null) return null
    const evaluator = compileExpression(JSON.parse(said.value) as Node)
    if (compiled.size >= MAX_COMPILED) compiled.clear()
    compiled.set(expression, evaluator)
    return evaluator
  }

  function bySandbox(expression: string, json: string): Evaluation {
    const said = sandbox.evaluate(expression, json)
    if ('problem' in said) return failed(said.problem)
    return { ok: true, value: said.value === null ? undefined : JSON.parse(said.value) }
  }
}

const failed = (reason: string): Evaluation => ({
  ok: false,
  reason: reason.slice(0, MAX_REASON_LENGTH),
})
