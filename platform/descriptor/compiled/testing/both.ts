import { createSandbox } from '../../expressions-sandbox.ts'
import { compileExpression } from '../compile.ts'
import { evaluateCompiled } from '../evaluate.ts'
import type { Evaluator, Node } from '../syntax.ts'

// An expression evaluated both ways: compiled, and by the interpreter in its sandbox.

const GENEROUS_MS = 20_000
const sandbox = createSandbox(GENEROUS_MS, 200_000)
const LIMITS = { maxSteps: 5_000_000, maxCharacters: 200_000 }

type Both =
  | { outcome: 'unreadable' | 'not compiled' | 'left' }
  /** Each as JSON with the order of its members, 'nothing', or 'failed'. */
  | { outcome: 'both'; compiled: string; interpreted: string; reasons: string }

export function evaluatedBoth(expression: string, document: unknown): Both {
  const evaluator = evaluatorOf(expression)
  if (evaluator === 'unreadable') return { outcome: evaluator }
  if (evaluator === null) return { outcome: 'not compiled' }
  const json = JSON.stringify(document)
  const answer = evaluateCompiled(evaluator, json, LIMITS)
  if (answer.outcome === 'left') return { outcome: 'left' }
  const said = sandbox.evaluate(expression, json)
  return {
    outcome: 'both',
    compiled:
      answer.outcome === 'value' ? (JSON.stringify(answer.value) ?? 'nothing') : answer.outcome,
    interpreted: 'problem' in said ? 'failed' : (said.value ?? 'nothing'),
    reasons: [
      answer.outcome === 'failed' ? answer.reason : '',
      'problem' in said ? said.problem : '',
    ].join(' | '),
  }
}

export function evaluatorOf(expression: string): Evaluator | 'unreadable' | null {
  const said = sandbox.treeOf(expression)
  if ('problem' in said) return 'unreadable'
  return compileExpression(JSON.parse(said.value ?? 'null') as Node)
}
