import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createContext, Script } from 'node:vm'

import { FUNCTIONS } from './functions.ts'

// JSONata, run where it can do no harm: in a context of its own that has no Node, no clock and no chance, that is
// stopped after its time whatever it does, and whose results are measured before they are taken. The context drains
// its own microtasks, so that an evaluation is finished, one way or the other, when the call returns.

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
const COMPILE_MS = 2_000
const MAX_OUTPUT_CHARACTERS = 200_000
const MAX_OUTPUT_DEPTH = 16
const MAX_INPUT_CHARACTERS = 8_388_608
const MAX_REASON_LENGTH = 200

/** One for each channel, so that no expression can leave anything behind for another hospital's. */
export function createExpressions(timeoutMs: number = EXPRESSION_MS): Expressions {
  let room: Room | null = null
  return {
    evaluate(expression, input) {
      const text = JSON.stringify(input)
      if (text.length > MAX_INPUT_CHARACTERS) return failed('its input is too large')
      return answerOf(ask('evaluate', [expression, text]))
    },
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
    room ??= openRoom()
    try {
      return room(task, values, timeoutMs)
    } catch (error) {
      room = null // what was stopped may have left half its work behind
      return codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
        ? { problem: `it was stopped after ${timeoutMs} ms` }
        : { problem: 'it broke off' }
    }
  }
}

/** An error of the room is not one of our own realm's. */
const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : null

function answerOf(said: Said): Evaluation {
  if ('problem' in said) return failed(said.problem)
  return { ok: true, value: said.value === null ? undefined : JSON.parse(said.value) }
}

const failed = (reason: string): Evaluation => ({
  ok: false,
  reason: reason.slice(0, MAX_REASON_LENGTH),
})

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
          if (size > MAX_CHARACTERS) break
          left.push([item[key], depth + 1])
        }
      }
      if (size > MAX_CHARACTERS) return 'its result is too large'
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
  `globalThis.run = ${ROOM.replaceAll('MAX_DEPTH', String(MAX_OUTPUT_DEPTH)).replaceAll(
    'MAX_CHARACTERS',
    String(MAX_OUTPUT_CHARACTERS),
  )}; delete globalThis.host`,
)
const runScript = new Script('run()')

function openRoom(): Room {
  const globals: Record<string, unknown> = Object.assign(Object.create(null), {
    host: callFunction,
    names: JSON.stringify(Object.keys(FUNCTIONS)),
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
type Said = { value: string | null } | { problem: string; position?: number }
