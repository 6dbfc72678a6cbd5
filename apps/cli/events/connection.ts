import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Option } from 'commander'

const DATA = join(import.meta.dirname, '../../../.data')

/** Where the hub is, and as which application of which hospital to speak to it. */
export type Connection = {
  hubUrl: string
  clientId: string
  clientSecret: string
  hospitalId: number
}

export type ConnectionOptions = {
  hub?: string
  clientId?: string
  clientSecret?: string
  hospital?: string
  data?: string
}

/** What every command of applications takes; each may come from the environment, or from the demo that runs here. */
export const connectionOptions = (): Option[] => [
  new Option('--hub <url>', 'where the hub is').env('YIQIAO_HUB_URL'),
  new Option('--client-id <id>', 'of the application').env('YIQIAO_CLIENT_ID'),
  new Option('--client-secret <secret>', 'of the application').env('YIQIAO_CLIENT_SECRET'),
  new Option('--hospital <number>', 'whose events').env('YIQIAO_HOSPITAL'),
  dataOption(),
]

/** As `yiqiao up` has it: a demo with its data elsewhere is found there. */
export const dataOption = (): Option =>
  new Option('--data <folder>', 'of the demo that runs here').default(DATA)

/** Errors: throws with what is missing. */
export function connectionOf(options: ConnectionOptions): Connection {
  const demo = sandboxIn(options.data)
  const hubUrl = options.hub ?? demo.hubUrl
  const clientId = options.clientId ?? demo.partner?.clientId
  const clientSecret = options.clientSecret ?? demo.partner?.clientSecret
  if (!hubUrl) throw new Error('no hub: give --hub, or start one with "yiqiao up"')
  if (!clientId || !clientSecret) {
    throw new Error('no application: give --client-id and --client-secret')
  }
  const hospitalId = Number(options.hospital ?? demo.partner?.hospitalId ?? 1)
  if (!Number.isInteger(hospitalId) || hospitalId < 1) throw new Error('no such hospital number')
  return { hubUrl: hubUrl.replace(/\/$/, ''), clientId, clientSecret, hospitalId }
}

/** The demo that runs on this machine, where there is one: its address, and the application it has for trying out. */
export type Sandbox = {
  hubUrl?: string
  /** The page of each hospital's own system, by the hospital's number. */
  hisUrls?: Record<string, string>
  partner?: { clientId: string; clientSecret: string; hospitalId: number }
}

export function sandboxIn(folder = DATA): Sandbox {
  const file = join(folder, 'sandbox.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Sandbox) : {}
}
