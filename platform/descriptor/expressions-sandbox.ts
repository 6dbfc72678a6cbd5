import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createContext, Script } from 'node:vm'

import { MAX_DEPTH } from './compiled/result.ts'
import { FUNCTIONS } from './functions.ts'

// JSONata's own interpreter, run where it can do no harm: in a context of its own that has no Node, no clock and no
// chance, that is stopped after its time whatever it does, and whose results are measured before they are taken. The
// context drains its own microtasks, so that an evaluation is finished, one way or the other, when the call returns.

/** What the room says: JSON, null for nothing, or why there is none. */
type Said = { value: string | null } | { problem: string; position?: number }

type Sandbox = {
  /** Never throws. `json` is the document. */
  evaluate: (expression: string, json: string) => Said
  /** The syntax tree, with null for a number that is -0. */
  treeOf: (expression: string) => Said
  problemOf: (expression: string) => { reason: string; position: number | null } | null
  fits: (pattern: string, text: string) => boolean
}

const COMPILE_MS = 2_000
/** Beyond so many values a syntax tree is not worth compiling. */
const MAX_TREE_VALUES = 50_000

export function createSandbox(timeoutMs: number, mostCharacters: number): Sandbox {
  let room: Room | null = null
  return {
    evaluate: (expression, json) => ask('evaluate', [expression, json]),
    treeOf: (expression) => ask('tree', [expression]),
    problemOf(expression) {
      const said = ask('compile', [expression])
      if (!('problem' in said)) return null
      return { reason: said.problem, position: said.position ?? null }
    },
    fits(pattern, text) {
      const said = ask('fits', [pattern, text])
      return 'value' in said && said.value === 'true'
    },
  }

  function ask(task: string, values: readonly string[]): Said {
    room ??= openRoom(mostCharacters)
    try {
      return room(task, values, timeoutMs)
    } catch (error) {
      room = null // what was stopped may have left half its work behind
      return codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
        ? { problem: stoppedAfter(timeoutMs) }
        : { problem: 'it broke off' }
    }
  }
}

export const stoppedAfter = (timeoutMs: number): string => `it was stopped after ${timeoutMs} ms`

/** An error of the room is not one of our own realm's. */
const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : null

// Only texts go in and out: an object of ours within reach would be a way to everything of ours.
const ROOM = `
(function () {
  const compiled = new Map()
  const NAMES = JSON.parse(names)
  const callOut = host
  const problem = (error) => ({
    problem: String((error && error.message) || error),
    ...(error && typeof error.position === 'number' ? { position: error.position } : {}),
  })
  const forbidden = (name) => () => { throw new Error('$' + name + ' may not be used here') }
  function compile(source) {
    const known = compiled.get(source)
    if (known) return known
    const expression = jsonata(source)
    for (const name of NAMES) {
      expression.registerFunction(name, function () {
        const said = JSON.parse(callOut(name, JSON.stringify(Array.from(arguments))))
        if ('problem' in said) throw new Error(said.problem)
        return said.value
      })
    }
    for (const name of ['now', 'millis', 'random', 'shuffle', 'eval', 'pad']) {
      expression.registerFunction(name, forbidden(name))
    }
    compiled.set(source, expression)
    return expression
  }
  function measure(value) {
    const left = [[value, 0]]
    let size = 0
    while (left.length > 0) {
      const [item, depth] = left.pop()
      if (depth > MAX_DEPTH) return 'its result is nested too deep'
      if (typeof item === 'function' || (item && (item._jsonata_function || item._jsonata_lambda))) return 'its result is a function'
      size += typeof item === 'string' ? item.length + 2 : 8
      if (item && typeof item === 'object') {
        for (const key of Object.keys(item)) {
          size += key.length
          if (size > mostCharacters) break
          left.push([item[key], depth + 1])
        }
      }
      if (size > mostCharacters) return 'its result is too large'
    }
    return null
  }
  const take = (value) => {
    const wrong = measure(value)
    answer = JSON.stringify(wrong ? { problem: wrong } : { value: JSON.stringify(value) ?? null })
  }
  const fail = (error) => { answer = JSON.stringify(problem(error)) }
  const TASKS = {
    evaluate(source, input) { compile(source).evaluate(JSON.parse(input)).then(take).catch(fail) },
    compile(source) { compile(source); answer = '{"value":null}' },
    tree(source) {
      let values = 0
      const tree = JSON.stringify(compile(source).ast(), (key, value) => {
        values += 1
        if (values > MAX_TREE_VALUES) throw new Error('its syntax tree is too large')
        return Object.is(value, -0) ? null : value
      })
      answer = JSON.stringify({ value: tree })
    },
    fits(pattern, text) { answer = JSON.stringify({ value: String(new RegExp(pattern, 'u').test(text)) }) },
  }
  return () => {
    answer = '{"problem":"it did not finish"}'
    try { TASKS[task].apply(null, JSON.parse(values)) } catch (error) { fail(error) }
  }
})()`

const jsonataPath = createRequire(import.meta.url).resolve('jsonata')
const jsonataScript = new Script(readFileSync(jsonataPath, 'utf8'), { filename: 'jsonata.js' })
const roomScript = new Script(
  `globalThis.run = ${ROOM.replaceAll('MAX_DEPTH', String(MAX_DEPTH)).replaceAll('MAX_TREE_VALUES', String(MAX_TREE_VALUES))}; delete globalThis.host`,
)
const runScript = new Script('run()')

function openRoom(mostCharacters: number): Room {
  const globals: Record<string, unknown> = Object.assign(Object.create(null), {
    host: callFunction,
    names: JSON.stringify(Object.keys(FUNCTIONS)),
    mostCharacters,
  })
  const context = createContext(globals, {
    microtaskMode: 'afterEvaluate',
    codeGeneration: { strings: false, wasm: false },
  })
  jsonataScript.runInContext(context, { timeout: COMPILE_MS })
  roomScript.runInContext(context, { timeout: COMPILE_MS })
  return (task, values, timeoutMs) => {
    globals['task'] = task
    globals['values'] = JSON.stringify(values)
    runScript.runInContext(context, { timeout: timeoutMs })
    return JSON.parse(String(globals['answer'])) as Said
  }
}

function callFunction(name: string, values: string): string {
  try {
    const value = FUNCTIONS[name]?.(...(JSON.parse(values) as unknown[]))
    return JSON.stringify({ value })
  } catch (error) {
    return JSON.stringify({ problem: error instanceof Error ? error.message : String(error) })
  }
}

type Room = (task: string, values: readonly string[], timeoutMs: number) => Said
