import type { Run } from './run.ts'

/** A node of jsonata's syntax tree, as JSON: what stands where depends on its type, and is looked at before it is used. */
export type Node = {
  type: string
  value?: unknown
  steps?: Node[]
  expressions?: Node[]
  expression?: Node
  /** Of an operator one node; of an object constructor the pairs of names and values. */
  lhs?: Node | [Node, Node][]
  rhs?: Node
  condition?: Node
  then?: Node
  else?: Node
  procedure?: Node
  arguments?: Node[]
  body?: Node
  /** Filters of the whole value, and of each value of a step in a path. */
  predicate?: Stage[]
  stages?: Stage[]
  keepArray?: boolean
  keepSingletonArray?: boolean
  consarray?: boolean
  thunk?: boolean
  signature?: unknown
  group?: unknown
  focus?: unknown
  index?: unknown
  tuple?: unknown
  ancestor?: unknown
}

export type Stage = { type: string; expr?: Node }

/** A compiled node: what it gives for an input. `undefined` is nothing. */
export type Evaluator = (input: unknown, run: Run) => unknown

/** Where a node stands. Every variable has a place of its own, as nothing compiled can call itself. */
export type Scope = {
  readonly variables: ReadonlyMap<string, number>
  /** What a call at the end of a function's body has for its context: see calls.ts. */
  readonly tail: 'none' | 'null' | 'input'
}

export type Compiler = {
  compile: (node: Node | undefined, scope: Scope) => Evaluator
  newVariable: () => number
}

/** Not among what is compiled. */
export class Refused extends Error {}

export function refuse(): never {
  throw new Refused()
}
