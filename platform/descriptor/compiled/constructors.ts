import { fail, leave, type Run } from './run.ts'
import { type Compiler, type Evaluator, type Node, refuse, type Scope } from './syntax.ts'
import { appended, isList, isMark, type List, pushAll } from './values.ts'

/** `[a, b, 1..3]`: what is nothing is left out, a list among the items is joined, unless it is written as one. */
export function compileArray(node: Node, scope: Scope, { compile }: Compiler): Evaluator {
  const items = (node.expressions ?? refuse()).map((item) => ({
    evaluate: compile(item, scope),
    isArray: item.value === '[',
  }))
  const isStep = node.consarray === true
  return (input, run) => {
    const made: List = []
    for (const { evaluate, isArray } of items) {
      const value = evaluate(input, run)
      if (isList(value) && !isArray) pushAll(made, value, run)
      else if (value !== undefined) made.push(value)
    }
    if (isStep) made.cons = true
    return made
  }
}

type Pair = { name: Evaluator; value: Evaluator }

/** `{ "a": …, "b": … }`: over a list its items are grouped by name, and each group is what its value looks at. */
export function compileObject(node: Node, scope: Scope, { compile }: Compiler): Evaluator {
  if (!Array.isArray(node.lhs)) return refuse()
  const pairs = node.lhs.map(([name, value]): Pair => ({
    name: compile(name, scope),
    value: compile(value, scope),
  }))
  const grouped = compileGrouped(pairs)
  const known = namesOf(node.lhs)
  if (known === null) return grouped
  const fields = known.map(({ name, at }) => ({ name, value: pairs[at]?.value ?? refuse() }))
  return (input, run) => {
    if (isList(input)) return grouped(input, run)
    const made: Record<string, unknown> = {}
    for (const { name, value } of fields) {
      const given = value(input, run)
      if (given !== undefined) made[name] = given
    }
    return made
  }
}

/** Names that stand there as texts, each once, in the order of an object's members; null for all others. */
function namesOf(pairs: readonly [Node, Node][]): { name: string; at: number }[] | null {
  const places: Record<string, number> = {}
  for (const [at, [{ type, value, predicate }]] of pairs.entries()) {
    if (type !== 'string' || typeof value !== 'string' || predicate !== undefined) return null
    if (isMark(value) || value === '__proto__' || Object.hasOwn(places, value)) return null
    places[value] = at
  }
  return Object.entries(places).map(([name, at]) => ({ name, at }))
}

type Group = { data: unknown; pair: number }

function compileGrouped(pairs: readonly Pair[]): Evaluator {
  return (input, run) => {
    // The interpreter writes into an empty list here, which whoever else looks at the list then sees.
    if (isList(input) && input.length === 0) leave()
    const groups = groupsOf(pairs, isList(input) ? input : [input], run)
    const made = Object.create(null) as Record<string, unknown>
    for (const name of Object.keys(groups)) {
      const group = groups[name]
      const value = group === undefined ? undefined : pairs[group.pair]?.value(group.data, run)
      if (value !== undefined) made[name] = value
    }
    return made
  }
}

function groupsOf(pairs: readonly Pair[], items: readonly unknown[], run: Run) {
  const groups = Object.create(null) as Record<string, Group>
  for (const item of items) {
    for (const [at, pair] of pairs.entries()) {
      const name = pair.name(item, run)
      if (name === undefined) continue
      if (typeof name !== 'string') return fail('the name of a member is no text')
      if (isMark(name)) leave()
      const group = groups[name]
      if (group === undefined) groups[name] = { data: item, pair: at }
      else if (group.pair !== at) fail(`two members have the name ${JSON.stringify(name)}`)
      else group.data = appended(group.data, item, run)
    }
  }
  return groups
}
