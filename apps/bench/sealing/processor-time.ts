import { readFile } from 'node:fs/promises'

import type pg from 'pg'

/** What work took of processors, in ms; `databaseMs` is null where the server's processes cannot be seen from here. */
export type ProcessorTime = { oursMs: number; databaseMs: number | null }

/** A clock says how busy the machine is with other things; this says it much less. */
export async function processorTimeOf(
  client: pg.Client,
  work: () => Promise<void>,
): Promise<ProcessorTime> {
  const [databaseBefore, before] = [await timesOfServer(client), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  const databaseAfter = await timesOfServer(client)
  let databaseMs = databaseAfter.size > 0 ? 0 : null
  for (const [pid, ms] of databaseAfter) {
    databaseMs = (databaseMs ?? 0) + ms - (databaseBefore.get(pid) ?? 0)
  }
  return { oursMs: (user + system) / 1_000, databaseMs }
}

/** Of each process that works for our connections, since it began. */
async function timesOfServer(client: pg.Client): Promise<Map<number, number>> {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = 'yiqiao' and datname = current_database()`,
  )
  const times = new Map<number, number>()
  for (const { pid } of rows) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
    if (stat?.includes('(postgres')) times.set(pid, msOf(stat))
  }
  return times
}

const MS_OF_TICK = 10

/** User and system time, the 14th and 15th value. Source: proc(5); the name in brackets may hold anything. */
function msOf(stat: string): number {
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(user) + Number(system)) * MS_OF_TICK
}
