import { compileCall, compileThunk } from './calls.ts'
import { compileArray, compileObject } from './constructors.ts'
import { compileBinary, compileNegation } from './operators.ts'
import { compileName, compilePath, finished } from './paths.ts'
import type { Run } from './run.ts'
import { type Compiler, type Evaluator, type Node, refuse, Refused, type Scope } from './syntax.ts'
import { truth } from './values.ts'

/**
 * From jsonata's syntax tree to functions that call each other, for the part of the language that mappings use; null
 * when anything else is in it. What they give is what jsonata's own interpreter (2.2) gives, its oddities included:
 * the tests evaluate both. Nothing in it can call itself, and every step is paid for (see run.ts).
 */
export function compileExpression(tree: Node): Evaluator | null {
  let variables = 0
  const compiler: Compiler = {
    compile: (node, scope) => compileNode(node ?? refuse(), scope, compiler),
    newVariable: () => variables++,
  }
  try {
    return compiler.compile(tree, { variables: new Map(), tail: 'none' })
  } catch (error) {
    // A tree that is too deep for this is left to the interpreter, like one with what is not compiled.
    if (error instanceof Refused || error instanceof RangeError) return null
    throw error
  }
}

function compileNode(node: Node, scope: Scope, compiler: Compiler): Evaluator {
  const { group, focus, index, tuple, ancestor } = node
  const marks = [group, focus, index, tuple, ancestor]
  if (marks.some((mark) => mark !== undefined && mark !== false)) return refuse()
  if (node.thunk === true) return compileThunk(node, scope, compiler)
  return finished(compileBare(node, scope, compiler), node, scope, compiler)
}

function compileBare(node: Node, scope: Scope, compiler: Compiler): Evaluator {
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return compileLiteral(node)
    case 'path':
      return compilePath(node, scope, compiler)
    case 'name':
      return compileName(node)
    case 'variable':
      return compileVariable(node, scope)
    case 'binary':
      return compileBinary(node, scope, compiler)
    case 'unary':
      return compileUnary(node, scope, compiler)
    case 'condition':
      return compileCondition(node, scope, compiler)
    case 'block':
      return compileBlock(node, scope, compiler)
    case 'function':
      return compileCall(node, scope, compiler)
    default:
      return refuse()
  }
}

function compileLiteral({ type, value = null }: Node): Evaluator {
  // JSON has no -0, and the tree comes as JSON with null in its place.
  if (type === 'number' && typeof value !== 'number') refuse()
  if (typeof value === 'object' && value !== null) refuse()
  return () => value
}

function compileUnary(node: Node, scope: Scope, compiler: Compiler): Evaluator {
  switch (node.value) {
    case '-':
      return compileNegation(node, scope, compiler)
    case '[':
      return compileArray(node, scope, compiler)
    case '{':
      return compileObject(node, scope, compiler)
    default:
      return refuse()
  }
}

/** `$` is what is looked at, `$$` the document, and any other is bound in a block or a function's parameter. */
function compileVariable({ value }: Node, { variables }: Scope): Evaluator {
  if (value === '') return (input) => (isWrapper(input) ? input[0] : input)
  if (value === '$') return (_input, run) => run.root
  const place = variables.get(String(value)) ?? refuse()
  return (_input, run) => run.variables[place]
}

const isWrapper = (input: unknown): input is unknown[] =>
  Array.isArray(input) && 'outerWrapper' in input && input.outerWrapper === true

function compileCondition(node: Node, scope: Scope, compiler: Compiler): Evaluator {
  if (node.predicate !== undefined && endsInCall(node)) refuse()
  const condition = compiler.compile(node.condition, scope)
  const then = compiler.compile(node.then, scope)
  const otherwise = node.else === undefined ? () => undefined : compiler.compile(node.else, scope)
  return (input, run) =>
    truth(condition(input, run), run) === true ? then(input, run) : otherwise(input, run)
}

/** Whether a call stands at its end that is only made after all of a function's body: see calls.ts. */
function endsInCall(node: Node | undefined): boolean {
  if (node === undefined) return false
  if (node.thunk === true) return true
  if (node.type === 'condition') return endsInCall(node.then) || endsInCall(node.else)
  return node.type === 'block' && endsInCall(node.expressions?.at(-1))
}

/** `( $a := …; … )`: what is bound is known to what follows it in the block. */
function compileBlock(node: Node, scope: Scope, compiler: Compiler): Evaluator {
  if (node.predicate !== undefined && endsInCall(node)) refuse()
  const expressions: Evaluator[] = []
  const variables = new Map(scope.variables)
  for (const each of node.expressions ?? refuse()) {
    const inner = { ...scope, variables: new Map(variables) }
    if (each.type !== 'bind') {
      expressions.push(compiler.compile(each, inner))
      continue
    }
    const { place, evaluate } = compileBinding(each, inner, compiler)
    variables.set(nameOf(each), place)
    expressions.push(evaluate)
  }
  return (input, run) => {
    let result: unknown
    for (const evaluate of expressions) result = evaluate(input, run)
    return result
  }
}

function compileBinding(node: Node, scope: Scope, compiler: Compiler) {
  if (node.group !== undefined || Array.isArray(node.lhs)) refuse()
  const value = compiler.compile(node.rhs, { ...scope, tail: 'none' })
  const place = compiler.newVariable()
  const bind: Evaluator = (input, run: Run) => (run.variables[place] = value(input, run))
  return { place, evaluate: finished(bind, node, scope, compiler) }
}

function nameOf({ lhs }: Node): string {
  if (lhs === undefined || Array.isArray(lhs) || typeof lhs.value !== 'string') return refuse()
  return lhs.value === '' || lhs.value === '$' ? refuse() : lhs.value
}
