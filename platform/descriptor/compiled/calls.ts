import { FUNCTIONS } from '../functions.ts'
import { BUILT_IN } from './library.ts'
import { fail, leave, type Run } from './run.ts'
import { matched } from './signatures.ts'
import { type Compiler, type Evaluator, type Node, refuse, type Scope } from './syntax.ts'
import { isList, mayHoldMarks, sequence, truth } from './values.ts'

/** A call: `context` is what a function takes for an argument that is missing. */
type Call = (input: unknown, run: Run, context: unknown) => unknown

export function compileCall(node: Node, scope: Scope, compiler: Compiler): Evaluator {
  const call = compileAnyCall(node, scope, compiler, 'null')
  return (input, run) => call(input, run, input)
}

/**
 * A call at the end of a function's body, which the interpreter makes after it has left the body: what it gives is not
 * settled like another node's value, and its context is the caller's, which is null for a function called by $map.
 */
export function compileThunk({ body }: Node, scope: Scope, compiler: Compiler): Evaluator {
  if (body === undefined || body.type !== 'function' || body.group !== undefined) return refuse()
  if (scope.tail === 'none') return refuse()
  const call = compileAnyCall(body, scope, compiler, 'input')
  const takesInput = scope.tail === 'input'
  return (input, run) => new Thunk(() => call(input, run, takesInput ? input : null))
}

class Thunk {
  readonly call: () => unknown

  constructor(call: () => unknown) {
    this.call = call
  }
}

function compileAnyCall(
  { procedure, arguments: given }: Node,
  scope: Scope,
  compiler: Compiler,
  tail: Scope['tail'],
): Call {
  if (procedure?.type !== 'variable' || procedure.predicate || procedure.group) return refuse()
  const name = String(procedure.value)
  if (given === undefined || scope.variables.has(name)) return refuse()
  if (name === 'map' || name === 'filter') {
    return compileOverList(name, given, scope, compiler, tail)
  }
  const values = given.map((argument) => compiler.compile(argument, scope))
  if (Object.hasOwn(FUNCTIONS, name)) return compileHosted(name, values)
  const builtIn = BUILT_IN.get(name) ?? refuse()
  return (input, run, context) => {
    const taken = values.map((value) => value(input, run))
    return builtIn.call(matched(name, builtIn, taken, context), run)
  }
}

/** A function of ours takes and gives plain JSON. */
function compileHosted(name: string, values: readonly Evaluator[]): Call {
  const hosted = FUNCTIONS[name] ?? refuse()
  return (input, run) => {
    const taken = values.map((value) => plain(value(input, run), run))
    const given = called(hosted, taken)
    if (typeof given === 'string') run.spendOn(given)
    if (typeof given !== 'object' || given === null) return asNumber(given)
    const json = JSON.stringify(given)
    run.spendOn(json)
    return mayHoldMarks(json) ? leave() : (JSON.parse(json) as unknown)
  }
}

function called(hosted: (...values: unknown[]) => unknown, values: readonly unknown[]): unknown {
  try {
    return hosted(...values)
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

function plain(value: unknown, run: Run): unknown {
  if (value === undefined) return null
  if (typeof value === 'number') return asNumber(value)
  if (typeof value === 'string') run.spendOn(value)
  if (typeof value !== 'object' || value === null) return value
  run.spendOnAll(value)
  return JSON.parse(JSON.stringify(value)) as unknown
}

/** As JSON has it: what is no number is null, and -0 is 0. */
function asNumber(value: unknown): unknown {
  if (typeof value !== 'number') return value
  return Number.isFinite(value) ? value + 0 : null
}

const MAX_PARAMETERS = 3

/** `$map(list, function($item, $index) { … })`, and $filter: the function is written there, and is no value. */
function compileOverList(
  name: 'map' | 'filter',
  given: readonly Node[],
  scope: Scope,
  compiler: Compiler,
  tail: Scope['tail'],
): Call {
  const [over, lambda] = given
  if (over === undefined || lambda === undefined || given.length !== 2) return refuse()
  const listed = compiler.compile(over, scope)
  const apply = compileLambda(lambda, scope, compiler, tail)
  return (input, run) => {
    const value = listed(input, run)
    if (value === undefined) return undefined
    const list = isList(value) ? value : [value]
    const made = sequence()
    for (const [index, item] of list.entries()) {
      const result = apply(input, run, [item, index, list])
      if (name === 'map') {
        if (result !== undefined) made.push(result)
      } else if (truth(result, run) === true) made.push(item)
    }
    return made
  }
}

type Lambda = (input: unknown, run: Run, values: readonly unknown[]) => unknown

function compileLambda(
  { type, thunk, arguments: parameters, body, signature, predicate, group }: Node,
  scope: Scope,
  compiler: Compiler,
  tail: Scope['tail'],
): Lambda {
  if (type !== 'lambda' || thunk === true || parameters === undefined) return refuse()
  if (signature !== undefined || predicate !== undefined || group !== undefined) return refuse()
  if (parameters.length === 0 || parameters.length > MAX_PARAMETERS) return refuse()
  const variables = new Map(scope.variables)
  const places = parameters.map(({ value }) => {
    const place = compiler.newVariable()
    variables.set(String(value), place)
    return place
  })
  const evaluate = compiler.compile(body, { variables, tail })
  return (input, run, values) => {
    for (const [i, place] of places.entries()) run.variables[place] = values[i]
    const result = evaluate(input, run)
    return result instanceof Thunk ? result.call() : result
  }
}
