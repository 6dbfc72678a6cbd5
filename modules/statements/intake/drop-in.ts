import { createReadStream } from 'node:fs'
import { lstat, mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { AppError } from '../../../kernel/error.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { type BusinessDate, type Clock, SECOND_MS, toShanghaiText } from '../../../kernel/time.ts'
import { systemActor } from '../../../platform/principal.ts'
import { dateOf } from '../layout/moment.ts'
import type { Schedule } from '../statement-file.ts'
import { cleanName, type createTake } from './take.ts'

// A folder into which others put files, over SFTP or by hand: <folder>/<hospital>/<source>/<file>. A file is taken when
// it has stopped growing; then it moves to "archive", or to "refused" with the reason beside it.

export type DropInOptions = {
  folder: string
  clock: Clock
  take: ReturnType<typeof createTake>
  schedulesOf: (hospitalId: HospitalId) => Promise<readonly Schedule[]>
  /** How long a file must not have changed. */
  settleSeconds?: number
  onError?: (error: unknown, about: { hospitalId: HospitalId; subject: string }) => void
}

const SETTLE_SECONDS = 30
const FILES_AT_ONCE = 1_000
/** Being written: SFTP clients use such names until a file is whole. */
const UNFINISHED = /(^\.)|(\.(part|tmp|filepart|partial|crdownload)$)/i

/** Looks once into the folder whenever it is asked to; returns how many files were taken or refused. */
export function createDropIn(options: DropInOptions) {
  const { folder, clock, take, schedulesOf, settleSeconds = SETTLE_SECONDS } = options
  const seen = new Map<string, Seen>()
  return { poll }

  async function poll(): Promise<number> {
    const present = new Set<string>()
    let count = 0
    for (const hospital of await namesIn(folder)) {
      if (!/^[1-9]\d{0,8}$/.test(hospital)) continue
      const hospitalId = Number(hospital) as HospitalId
      const schedules = await schedulesOf(hospitalId)
      for (const schedule of schedules.filter(({ isActive }) => isActive)) {
        const place = join(folder, hospital, schedule.source)
        for (const name of (await namesIn(place)).slice(0, FILES_AT_ONCE)) {
          const path = join(place, name)
          present.add(path)
          if (!(await isSettled(path, name))) continue
          count += await takeOne({ hospitalId, schedule, place, name })
        }
      }
    }
    for (const path of seen.keys()) if (!present.has(path)) seen.delete(path)
    return count
  }

  /** Nothing about it changed for long enough. What is no plain file, or leads elsewhere, is never touched. */
  async function isSettled(path: string, name: string): Promise<boolean> {
    if (UNFINISHED.test(name)) return false
    const now = clock.now()
    const info = await lstat(path).catch(() => null)
    if (!info?.isFile()) return false
    const before = seen.get(path)
    const isSame = before?.size === info.size && before.changedMs === info.mtimeMs
    if (!isSame) seen.set(path, { size: info.size, changedMs: info.mtimeMs, since: now })
    const since = isSame ? before.since : now
    return now.getTime() - since.getTime() >= settleSeconds * SECOND_MS
  }

  async function takeOne(at: Place): Promise<number> {
    const { hospitalId, schedule, place, name } = at
    const path = join(place, name)
    try {
      const date = dateInName(schedule, name)
      const request = {
        hospitalId,
        source: schedule.source,
        name,
        way: 'folder' as const,
        actor: systemActor('drop-in'),
        ...(date === null ? {} : { businessDate: date }),
      }
      const { file } = await take(request, createReadStream(path))
      const { result } = file
      if (result.status !== 'refused') await move(at, clock.now(), 'archive')
      else {
        const line = result.lineNo === null ? '' : `line ${result.lineNo}: `
        await move(at, clock.now(), 'refused', `${result.code}: ${line}${result.reason}\n`)
      }
    } catch (error) {
      // Foreseen, and so the file's own fault; anything else is ours, and the file waits for the next time.
      if (error instanceof AppError) await move(at, clock.now(), 'refused', `${error.message}\n`)
      else if (options.onError) options.onError(error, { hospitalId, subject: `drop-in:${path}` })
      else throw error
      return error instanceof AppError ? 1 : 0
    }
    seen.delete(path)
    return 1
  }
}

async function move(
  { place, name }: Place,
  now: Date,
  to: 'archive' | 'refused',
  why?: string,
): Promise<void> {
  const stamp = toShanghaiText(now).replaceAll(/\D/g, '')
  const target = join(place, to, `${stamp}-${cleanName(name)}`)
  await mkdir(join(place, to), { recursive: true })
  if (why !== undefined) await writeFile(`${target}.reason.txt`, why)
  await rename(join(place, name), target)
}

type Seen = { size: number; changedMs: number; since: Date }
type Place = { hospitalId: HospitalId; schedule: Schedule; place: string; name: string }

const namesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch((): string[] => [])).toSorted(byName)

const byName = (a: string, b: string) => (a < b ? -1 : 1)

/** The business date in a file's name, where the schedule says how it stands there. */
function dateInName({ namePattern }: Schedule, name: string): BusinessDate | null {
  if (namePattern === null) return null
  const date = new RegExp(namePattern, 'u').exec(name)?.groups?.['date']
  return date === undefined ? null : dateOf(date)
}
