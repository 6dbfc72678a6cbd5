import { fail, leave, type Run } from './run.ts'
import { type Compiler, type Evaluator, type Node, refuse, type Scope } from './syntax.ts'
import { areEqual, isList, isNumeric, sequence, textOf, truth } from './values.ts'

type Operator = (left: unknown, right: unknown, run: Run) => unknown

export function compileBinary(node: Node, scope: Scope, { compile }: Compiler): Evaluator {
  if (Array.isArray(node.lhs)) return refuse()
  const left = compile(node.lhs, scope)
  const right = compile(node.rhs, scope)
  if (node.value === 'and') {
    return (input, run) =>
      truth(left(input, run), run) === true && truth(right(input, run), run) === true
  }
  if (node.value === 'or') {
    return (input, run) =>
      truth(left(input, run), run) === true || truth(right(input, run), run) === true
  }
  const operate = OPERATORS.get(String(node.value)) ?? refuse()
  return (input, run) => {
    const before = left(input, run)
    return operate(before, right(input, run), run)
  }
}

export function compileNegation(node: Node, scope: Scope, { compile }: Compiler): Evaluator {
  const operand = compile(node.expression, scope)
  return (input, run) => {
    const value = operand(input, run)
    if (value === undefined) return undefined
    return isNumeric(value) ? -value : fail('what stands behind - is no number')
  }
}

const arithmetic =
  (sign: string, compute: (left: number, right: number) => number): Operator =>
  (left, right) => {
    if (left !== undefined && !isNumeric(left)) fail(`the left side of ${sign} is no number`)
    if (right !== undefined && !isNumeric(right)) fail(`the right side of ${sign} is no number`)
    return left === undefined || right === undefined ? undefined : compute(left, right)
  }

const comparison =
  (sign: string, compare: (left: string | number, right: string | number) => boolean): Operator =>
  (left, right, run) => {
    if (!isComparable(left) || !isComparable(right)) {
      return fail(`both sides of ${sign} must be numbers or texts`)
    }
    if (left === undefined || right === undefined) return undefined
    if (typeof left !== typeof right) fail(`the two sides of ${sign} are of different types`)
    if (typeof left === 'string') run.spendOn(left)
    return compare(left, right)
  }

const isComparable = (value: unknown): value is string | number | undefined =>
  value === undefined || typeof value === 'string' || typeof value === 'number'

/** What is nothing equals nothing, and differs from nothing either. */
const equality =
  (isWanted: boolean): Operator =>
  (left, right, run) =>
    left !== undefined && right !== undefined && areEqual(left, right, run) === isWanted

const concatenate: Operator = (left, right, run) => {
  const before = left === undefined ? '' : textOf(left, run)
  const after = right === undefined ? '' : textOf(right, run)
  const whole = before + after
  run.spendOn(whole)
  return whole
}

const isAmong: Operator = (left, right, run) => {
  if (left === undefined || right === undefined) return false
  if (!isList(right)) return right === left
  run.spend(right.length)
  return right.includes(left) && !Number.isNaN(left)
}

const MAX_RANGE = 10_000_000

const range: Operator = (from, to, run) => {
  if (from !== undefined && !Number.isInteger(from)) fail('the left side of .. is no whole number')
  if (to !== undefined && !Number.isInteger(to)) fail('the right side of .. is no whole number')
  if (typeof from !== 'number' || typeof to !== 'number' || from > to) return undefined
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) leave()
  const size = to - from + 1
  if (size > MAX_RANGE) fail(`the range holds ${size} numbers, more than ${MAX_RANGE}`)
  run.spend(size)
  const numbers = sequence()
  for (let i = 0; i < size; i++) numbers.push(from + i)
  return numbers
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['+', arithmetic('+', (left, right) => left + right)],
  ['-', arithmetic('-', (left, right) => left - right)],
  ['*', arithmetic('*', (left, right) => left * right)],
  ['/', arithmetic('/', (left, right) => left / right)],
  ['%', arithmetic('%', (left, right) => left % right)],
  ['<', comparison('<', (left, right) => left < right)],
  ['<=', comparison('<=', (left, right) => left <= right)],
  ['>', comparison('>', (left, right) => left > right)],
  ['>=', comparison('>=', (left, right) => left >= right)],
  ['=', equality(true)],
  ['!=', equality(false)],
  ['&', concatenate],
  ['in', isAmong],
  ['..', range],
])
