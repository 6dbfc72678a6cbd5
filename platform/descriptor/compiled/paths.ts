import { leave, type Run } from './run.ts'
import {
  type Compiler,
  type Evaluator,
  type Node,
  refuse,
  type Scope,
  type Stage,
} from './syntax.ts'
import {
  isList,
  isListOfNumbers,
  isNumeric,
  isRecord,
  isSequence,
  type List,
  memberOf,
  pushAll,
  sequence,
  sequenceOf,
  settled,
  truth,
} from './values.ts'

type Filter = (value: unknown, run: Run) => unknown

type Step = { evaluate: Evaluator; filters: Filter[]; isArray: boolean }

/** `a.b[0].{…}`: each step is taken from each value of the one before, and what it gives is joined into one list. */
export function compilePath(node: Node, scope: Scope, compiler: Compiler): Evaluator {
  const nodes = node.steps ?? refuse()
  const [first] = nodes
  if (first === undefined) return refuse()
  const names = plainNames(node, nodes)
  const steps = nodes.map((each, i): Step => {
    const isArray = i === 0 && each.consarray === true
    if (
      isArray &&
      !(each.type === 'unary' && each.value === '[' && !each.predicate && !each.stages)
    )
      refuse()
    return {
      evaluate: compiler.compile(each, scope),
      filters: compileFilters(each.stages, scope, compiler),
      isArray,
    }
  })
  const isAbsolute = first.type === 'variable'
  const keepsOne = node.keepSingletonArray === true
  return (input, run) => {
    if (names !== null) {
      const found = walked(input, names, run)
      if (found !== UNKNOWN) return found
    }
    const start = isList(input) && !isAbsolute ? input : sequenceOf(input)
    return keptAsList(taken(steps, start, run), keepsOne)
  }
}

function taken(steps: readonly Step[], start: List, run: Run): List {
  let values = start
  for (const [i, step] of steps.entries()) {
    if (step.isArray) {
      const made = step.evaluate(values, run)
      values = isList(made) ? made : leave()
    } else {
      values = stepped(step, values, i === steps.length - 1, run)
    }
    if (values.length === 0) break
  }
  return values
}

function keptAsList(values: List, keepsOne: boolean): List {
  if (!keepsOne) return values
  const kept = values.cons === true && values.sequence !== true ? sequenceOf(values) : values
  kept.keepSingleton = true
  return kept
}

function stepped({ evaluate, filters }: Step, values: List, isLast: boolean, run: Run): List {
  const results: unknown[] = []
  for (let i = 0; i < values.length; i++) {
    let result = evaluate(values[i], run)
    for (const filter of filters) result = filter(result, run)
    if (result !== undefined) results.push(result)
  }
  const [only] = results
  if (isLast && results.length === 1 && isList(only) && !isSequence(only)) return only
  const joined = sequence()
  for (const result of results) {
    if (isList(result) && result.cons !== true) pushAll(joined, result, run)
    else joined.push(result)
  }
  return joined
}

const UNKNOWN = Symbol('not a plain path')

/** Names without anything else, which most paths are. */
function plainNames(node: Node, steps: readonly Node[]): string[] | null {
  if (node.keepSingletonArray === true) return null
  const names: string[] = []
  for (const { type, value, predicate, stages, keepArray } of steps) {
    if (type !== 'name' || typeof value !== 'string') return null
    if (predicate !== undefined || stages !== undefined || keepArray === true) return null
    names.push(value)
  }
  return names
}

/** From object to object; where an array comes between, the long way is taken. */
function walked(input: unknown, names: readonly string[], run: Run): unknown {
  let value = input
  for (const name of names) {
    run.spend(1)
    if (!isRecord(value)) return isList(value) ? UNKNOWN : undefined
    if (!Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return isSequence(value) ? UNKNOWN : value
}

const compileFilters = (
  stages: readonly Stage[] | undefined,
  scope: Scope,
  compiler: Compiler,
): Filter[] => (stages ?? []).map((stage) => compileFilter(stage, scope, compiler))

function compileFilter({ type, expr }: Stage, scope: Scope, { compile }: Compiler): Filter {
  if (type !== 'filter' || expr === undefined) return refuse()
  if (expr.type === 'number') {
    const index = typeof expr.value === 'number' ? Math.floor(expr.value) : refuse()
    return (value) => itemAt(isList(value) ? value : sequenceOf(value), index)
  }
  const predicate = compile(expr, scope)
  return (value, run) => {
    const items = isList(value) ? value : sequenceOf(value)
    const kept = sequence()
    for (const [index, item] of items.entries()) {
      const said = predicate(item, run)
      const indexes = isNumeric(said) ? [said] : said
      if (isListOfNumbers(indexes)) {
        run.spend(indexes.length)
        for (const each of indexes) if (isAt(each, index, items.length)) kept.push(item)
      } else if (truth(indexes, run) === true) kept.push(item)
    }
    return kept
  }
}

function itemAt(items: List, index: number): List {
  const item = items[index < 0 ? items.length + index : index]
  if (isList(item)) return item
  return item === undefined ? sequence() : sequenceOf(item)
}

function isAt(asked: number, index: number, length: number): boolean {
  const whole = Math.floor(asked)
  return (whole < 0 ? length + whole : whole) === index
}

/** A name by itself, as a step. */
export function compileName(node: Node): Evaluator {
  const name = typeof node.value === 'string' ? node.value : refuse()
  return (input, run) => memberOf(input, name, run)
}

/** What every node's value goes through: its filters, and a sequence of one that stands for itself. */
export function finished(
  evaluate: Evaluator,
  node: Node,
  scope: Scope,
  compiler: Compiler,
): Evaluator {
  const filters = compileFilters(node.predicate, scope, compiler)
  const keepsOne = node.keepArray === true
  if (filters.length === 0) {
    return (input, run) => {
      run.spend(1)
      return settled(evaluate(input, run), keepsOne)
    }
  }
  return (input, run) => {
    run.spend(1)
    let value = evaluate(input, run)
    for (const filter of filters) value = filter(value, run)
    return settled(value, keepsOne)
  }
}
