import { constants, type Stats } from 'node:fs'
import { lstat, open, rename, writeFile } from 'node:fs/promises'

import { AppError } from '../../../kernel/error.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { type BusinessDate, type Clock, SECOND_MS, toShanghaiText } from '../../../kernel/time.ts'
import { systemActor } from '../../../platform/principal.ts'
import {
  at,
  bytesOf,
  entriesOf,
  folderIn,
  isMissing,
  textOf,
  UNFINISHED,
} from '../files/inbox-folder.ts'
import { dateOf } from '../layout/moment.ts'
import type { Schedule } from '../statement-file.ts'
import { cleanName, type createTake } from './take.ts'

// A folder into which others put files, over SFTP or by hand: <folder>/<hospital's code>/<source>/<file>. A file that has
// stopped growing is moved to "taking", taken, and moved to "done", or to "refused" with the reason beside it. Each step is
// one rename, and taking the same bytes twice is nothing new: whoever dies between two leaves a file to be found again.

export type DropInOptions = {
  folder: string
  /** By the name of their folder. */
  hospitals: () => Promise<ReadonlyMap<string, HospitalId>>
  /** How long a file must not have changed. */
  settleSeconds?: number
}

type Parts = {
  clock: Clock
  take: ReturnType<typeof createTake>
  schedulesOf: (hospitalId: HospitalId) => Promise<readonly Schedule[]>
  onError?: (error: unknown, about: { hospitalId: HospitalId; subject: string }) => void
}

const SETTLE_SECONDS = 30
const FILES_AT_ONCE = 1_000
const ACTOR = systemActor('drop-in')
const READ_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Looks once into the folder whenever it is asked to; returns how many files were taken or refused. What it cannot take
 * stays where it is for the next time. Errors: where nobody hears of them, throws the first, after all had their turn.
 */
export function createDropIn(options: DropInOptions & Parts) {
  const { folder, clock, schedulesOf, settleSeconds = SETTLE_SECONDS } = options
  let seen = new Map<string, Seen>()
  return { poll }

  async function poll(): Promise<number> {
    const present = new Map<string, Seen>()
    const failures: unknown[] = []
    let count = 0
    for (const [code, hospitalId] of await options.hospitals()) {
      for (const schedule of await schedulesOf(hospitalId)) {
        if (!schedule.isActive) continue
        const place = at(at(Buffer.from(folder), code), schedule.source)
        const subject = `drop-in:${code}/${schedule.source}`
        count += await lookInto({ hospitalId, schedule, place }, present, (error) => {
          if (options.onError) options.onError(error, { hospitalId, subject })
          else failures.push(error)
        })
      }
    }
    seen = present
    if (failures.length > 0) throw failures[0]
    return count
  }

  /** What was begun before comes first: it was there first. */
  async function lookInto(
    place: Place,
    present: Map<string, Seen>,
    tell: (error: unknown) => void,
  ): Promise<number> {
    let count = 0
    try {
      const found = [...(await filesIn(place, true)), ...(await filesIn(place, false))]
      const settled = found.filter((one) => isSettled(one, present))
      for (const one of settled.slice(0, FILES_AT_ONCE)) {
        const isTaken = await takeOne(options, place, one).catch((error: unknown) => tell(error))
        count += Number(isTaken ?? false)
      }
    } catch (error) {
      tell(error)
    }
    return count
  }

  /** Nothing about it changed for long enough. */
  function isSettled({ path, info }: Found, present: Map<string, Seen>): boolean {
    const key = path.toString('latin1')
    const mark = markOf(info)
    const before = seen.get(key)
    const now = clock.now()
    const since = before?.mark === mark ? before.since : now
    present.set(key, { mark, since })
    return now.getTime() - since.getTime() >= settleSeconds * SECOND_MS
  }
}

/** Oldest first, so that of two versions of a list the later one stands. */
async function filesIn({ place }: Place, isClaimed: boolean): Promise<Found[]> {
  const folder = isClaimed ? at(place, TAKING) : place
  const found: Found[] = []
  for (const raw of await entriesOf(folder)) {
    const path = at(folder, raw)
    const name = isClaimed ? withoutMark(raw) : raw
    if (UNFINISHED.test(textOf(name))) continue
    const info = await lstat(path).catch(nullIfMissing)
    // What is no plain file, or leads elsewhere, is never touched.
    if (info?.isFile()) found.push({ path, name, info, isClaimed })
  }
  return found.toSorted((a, b) => a.info.mtimeMs - b.info.mtimeMs || Buffer.compare(a.name, b.name))
}

/** False when somebody else has it, or it is being written after all. */
async function takeOne(parts: Parts, place: Place, found: Found): Promise<boolean> {
  const claimed = found.isClaimed ? found.path : await claim(place, found)
  if (!claimed) return false
  const file = await open(claimed, READ_ONLY).catch(nullIfMissing)
  if (!file) return false
  try {
    const before = await file.stat()
    if (markOf(before) !== markOf(found.info)) return false
    const end = await endOf(parts, place, found, bytesOf(file))
    // It is taken anew once it has stopped growing: another content is another version.
    if (markOf(await file.stat()) !== markOf(before)) return false
    return await moveTo(place, claimed, end)
  } finally {
    await file.close()
  }
}

/** Moved by its number in the file system, so that it never takes the place of one that is there. */
async function claim({ place }: Place, { path, name, info }: Found): Promise<Buffer | null> {
  const taking = await folderIn(place, TAKING)
  const target = at(taking, Buffer.concat([Buffer.from(`${info.ino}-`), name]))
  const moved = await rename(path, target).then(() => true, nullIfMissing)
  return moved ? target : null
}

async function endOf(
  { take }: Parts,
  { hospitalId, schedule }: Place,
  { name: raw, info }: Found,
  bytes: AsyncIterable<Uint8Array>,
): Promise<End> {
  const { source } = schedule
  const name = textOf(raw)
  const date = dateInName(schedule, name)
  const request = { hospitalId, source, name, way: 'folder' as const, actor: ACTOR }
  try {
    const { file } = await take(date === null ? request : { ...request, businessDate: date }, bytes)
    // By the row of the file: whoever does this again moves it to the same name.
    const target = targetName(file.takenAt, file.sha256.slice(0, 12), name)
    const { result } = file
    if (result.status !== 'refused') return { to: 'done', target }
    const line = result.lineNo === null ? '' : `line ${result.lineNo}: `
    return { to: 'refused', target, why: `${result.code}: ${line}${result.reason}` }
  } catch (error) {
    // The file's own fault; anything else is ours, and the file waits for the next time.
    const isItsFault = error instanceof AppError && error.code === 'statements.file_too_large'
    if (!isItsFault) throw error
    const target = targetName(info.mtime, String(info.ino), name)
    return { to: 'refused', target, why: `too_large: ${error.message}` }
  }
}

/** The reason is there before the file it is about. */
async function moveTo({ place }: Place, from: Buffer, { to, target, why }: End): Promise<boolean> {
  const folder = await folderIn(place, to)
  if (why !== undefined) await writeFile(at(folder, `${target}.reason.txt`), `${why}\n`)
  return (await rename(from, at(folder, target)).then(() => true, nullIfMissing)) ?? false
}

const TAKING = 'taking'
const MOST_NAME_BYTES = 180

/** Its end, which says what kind of file it is, is kept of a name that is too long for a folder. */
function targetName(moment: Date, mark: string, name: string): string {
  const letters = Array.from(cleanName(name))
  while (Buffer.byteLength(letters.join('')) > MOST_NAME_BYTES) letters.shift()
  return `${toShanghaiText(moment).replaceAll(/\D/g, '')}-${mark}-${letters.join('')}`
}

const withoutMark = (raw: Buffer): Buffer => raw.subarray(raw.indexOf('-') + 1)

const markOf = ({ ino, size, mtimeMs }: Stats): string => `${ino} ${size} ${mtimeMs}`

/** Another process was quicker. */
function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null
  throw error
}

/** The business date in a file's name, where the schedule says how it stands there. */
function dateInName({ namePattern }: Schedule, name: string): BusinessDate | null {
  if (namePattern === null) return null
  const date = new RegExp(namePattern, 'u').exec(name)?.groups?.['date']
  return date === undefined ? null : dateOf(date)
}

type Seen = { mark: string; since: Date }
type Place = { hospitalId: HospitalId; schedule: Schedule; place: Buffer }
type Found = { path: Buffer; name: Buffer; info: Stats; isClaimed: boolean }
type End = { to: 'done' | 'refused'; target: string; why?: string }
