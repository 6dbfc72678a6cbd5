import { isBusinessDate } from '../../../kernel/time.ts'
import { areaOf, type Institution, SETTLED } from '../../../modules/registry/index.ts'

/**
 * A list that a region publishes, as JSON Lines: an institution a line, with `code` and `name`, and what is known of `area`,
 * `level`, `address`, `phone`, `latitude`, `longitude`, `settles`, `validFrom` and `validTo`.
 * Errors: throws an Error that names the first line that cannot be read; what an institution must be is checked where it is loaded.
 */
export function readListFile(text: string, { region }: { region: string }): Institution[] {
  return text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), no: i + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, no }) => {
      try {
        return institutionOf(JSON.parse(line), region)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new Error(`line ${no}: ${why}`, { cause: error })
      }
    })
}

function institutionOf(value: unknown, region: string): Institution {
  if (typeof value !== 'object' || value === null) throw new Error('it is no JSON object')
  const fields = value as Record<string, unknown>
  const unknown = Object.keys(fields).find((name) => !FIELDS.has(name))
  if (unknown !== undefined) throw new Error(`"${unknown}" is no field of an institution`)
  const code = textOf(fields, 'code') ?? ''
  const [latitude, longitude] = [degreesOf(fields, 'latitude'), degreesOf(fields, 'longitude')]
  if ((latitude === null) !== (longitude === null)) throw new Error('half of a place is none')
  return {
    code,
    name: textOf(fields, 'name') ?? '',
    area: textOf(fields, 'area') ?? areaOf(code, region),
    level: textOf(fields, 'level'),
    address: textOf(fields, 'address'),
    phone: textOf(fields, 'phone'),
    place: latitude === null || longitude === null ? null : { latitude, longitude },
    settles: settledOf(fields.settles),
    validFrom: dayOf(fields, 'validFrom'),
    validTo: dayOf(fields, 'validTo'),
  }
}

const FIELDS = new Set(
  'code name area level address phone latitude longitude settles validFrom validTo'.split(' '),
)

function textOf(fields: Record<string, unknown>, name: string): string | null {
  const value = fields[name] ?? null
  if (value !== null && typeof value !== 'string') throw new Error(`"${name}" is no text`)
  return value
}

function degreesOf(fields: Record<string, unknown>, name: string): number | null {
  const value = fields[name] ?? null
  if (value !== null && typeof value !== 'number') throw new Error(`"${name}" is no number`)
  return value
}

function dayOf(fields: Record<string, unknown>, name: string) {
  const text = textOf(fields, name)
  if (text === null) return null
  if (!isBusinessDate(text)) throw new Error(`"${name}" is no day like 2026-11-21`)
  return text
}

function settledOf(value: unknown): Institution['settles'] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new Error('"settles" is no list')
  return value.map((one) => {
    const known = SETTLED.find((what) => what === one)
    if (!known) throw new Error(`"settles" has one of ${SETTLED.join(', ')}`)
    return known
  })
}
