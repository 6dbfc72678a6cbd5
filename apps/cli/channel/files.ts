import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { parse } from 'yaml'

/** Ends a command with 2: it could not be done. */
export class Unusable extends Error {}

/** File names among the arguments are meant from where the caller stands. */
export const pathOf = (name: string): string =>
  resolve(process.env['INIT_CWD'] ?? process.cwd(), name)

export function readText(name: string): string {
  try {
    return readFileSync(pathOf(name), 'utf8')
  } catch {
    throw new Unusable(`cannot read ${name}`)
  }
}

/** Writes a file that must not be there yet. */
export function writeNew(name: string, text: string): void {
  if (existsSync(pathOf(name))) throw new Unusable(`${name} is there already`)
  writeFileSync(pathOf(name), text)
}

/** Params of a hospital, YAML or JSON: texts by name. */
export function readParams(name: string): Record<string, string> {
  let value: unknown
  try {
    value = parse(readText(name))
  } catch (error) {
    if (error instanceof Unusable) throw error
    throw new Unusable(`${name} is neither YAML nor JSON`)
  }
  const isTexts =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string')
  if (!isTexts) throw new Unusable(`${name} must hold texts by name; put numbers in quotes`)
  return value as Record<string, string>
}
