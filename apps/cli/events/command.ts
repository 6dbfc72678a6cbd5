import { Argument, Command, InvalidArgumentError } from 'commander'

import { assert } from '../../../kernel/assert.ts'
import { EVENT_TYPES, type EventType, newWebhookSecret } from '../../../modules/partners/index.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { createWorld } from '../../simulators/world/index.ts'
import { say } from '../progress.ts'
import { SANDBOX_PEOPLE, SANDBOX_SEED } from '../sandbox/files.ts'
import { DEMO_PASSWORD, staffLogin } from '../sandbox/seed.ts'
import {
  connectionOf,
  type ConnectionOptions,
  connectionOptions,
  dataOption,
  sandboxIn,
} from './connection.ts'
import type { DemoRegion } from './demo-visit.ts'
import { listen } from './listen.ts'
import { createPartnerApi } from './partner-api.ts'
import { TRIGGERS } from './trigger.ts'

/** `bin/yiqiao listen`: a hospital's events, as they happen, to a receiver on this machine. */
export function listenCommand(): Command {
  const command = new Command('listen')
    .description('follow events and forward them, signed, to a receiver here / 监听并转发事件')
    .option('--forward-to <url>', 'where to send each event; without it they are only printed')
    .option('--after <number>', 'begin after this event instead of now', readNumber)
    .option('--types <types...>', 'only these')
    .option('--secret <secret>', 'to sign with, whsec_…; a new one if left out')
  for (const option of connectionOptions()) command.addOption(option)
  return command.action(async (options: ConnectionOptions & ListenFlags) => {
    const connection = connectionOf(options)
    const secret = options.secret ?? newWebhookSecret(systemRandom)
    const stop = new AbortController()
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
    if (options.forwardTo !== undefined) say(`signing secret: ${secret}`)
    say(`listening to hospital ${connection.hospitalId} at ${connection.hubUrl}; Ctrl-C stops`)
    await listen({
      api: createPartnerApi(connection),
      clock: systemClock,
      forwardTo: options.forwardTo ?? null,
      secret,
      after: options.after ?? null,
      types: options.types ?? [],
      signal: stop.signal,
      print: (line) => void process.stdout.write(`${line}\n`),
      complain: say,
    })
  })
}

type ListenFlags = { forwardTo?: string; after?: number; types?: string[]; secret?: string }

/** `bin/yiqiao trigger <event>`: has a demo make what the event tells of, by a real payment. */
export const triggerCommand = (): Command =>
  new Command('trigger')
    .description('make an event happen in the running demo, by a real payment / 触发一个事件')
    .addArgument(new Argument('<event>', 'what is to happen').choices([...EVENT_TYPES]))
    .option('--hub <url>', 'where the demo is; where the one of --data runs if left out')
    .option('--hospital <number>', 'at which hospital', readNumber, 1)
    .option('--his <url>', "the page of that hospital's own system")
    .addOption(dataOption())
    .action(async (event: EventType, options: TriggerFlags) => {
      const trigger = TRIGGERS[event]
      if (!trigger) {
        throw new Error(
          `${event} comes by itself the morning after: reconciliation reads the lists`,
        )
      }
      const paymentId = await trigger(demoRegionOf(options))
      process.stdout.write(`${paymentId}\n`)
    })

type TriggerFlags = { hub?: string; hospital: number; his?: string; data: string }

const WALLET_PASSWORD = '123456'

/** The people and places of the demo that "yiqiao up" starts: somebody without insurance pays by the wallet. */
function demoRegionOf({ hospital, data, ...given }: TriggerFlags): DemoRegion {
  const demo = sandboxIn(data)
  const hub = given.hub ?? demo.hubUrl
  const his = given.his ?? demo.hisUrls?.[hospital]
  if (!hub || !his) throw new Error(`no demo with hospital ${hospital}: start one with "yiqiao up"`)
  const { people } = createWorld(SANDBOX_SEED, { people: SANDBOX_PEOPLE })
  const payer = people.find(
    ({ insurance, media }) =>
      insurance === null && media.hospitalCards.some(({ hospitalId }) => hospitalId === hospital),
  )
  assert(payer, `somebody without insurance has a card of hospital ${hospital}`)
  return {
    hubUrl: hub.replace(/\/$/, ''),
    hisUrl: his,
    walletUrl: null,
    hospitalId: hospital,
    payer: { no: payer.no, login: payer.phone },
    finance: staffLogin(hospital as Parameters<typeof staffLogin>[0]),
    password: DEMO_PASSWORD,
    walletPassword: WALLET_PASSWORD,
    random: systemRandom,
  }
}

/** `bin/yiqiao events list` and `events resend <id>`. */
export function eventsCommand(): Command {
  const list = new Command('list')
    .description('events of a hospital, in order / 列出事件')
    .option('--after <number>', 'only those after this one', readNumber, 0)
    .option('--limit <number>', 'so many at most', readNumber, 50)
    .action(async (_flags: unknown, command: Command) => {
      const options = command.optsWithGlobals<ConnectionOptions & ListFlags>()
      const { after, limit } = options
      const { items } = await createPartnerApi(connectionOf(options)).feed({ after, limit })
      for (const { sequence, occurredAt, type, id, data } of items) {
        process.stdout.write(
          `#${sequence}  ${occurredAt}  ${type}  ${id}  ${JSON.stringify(data)}\n`,
        )
      }
    })
  const resend = new Command('resend')
    .description('have an event sent again to your endpoints / 重新投递')
    .argument('<id>', 'of the event')
    .option('--endpoint <id>', 'to this one alone')
    .action(async (id: string, _flags: unknown, command: Command) => {
      const options = command.optsWithGlobals<ConnectionOptions & { endpoint?: string }>()
      const api = createPartnerApi(connectionOf(options))
      const { items } = await api.resend(id, options.endpoint)
      for (const delivery of items) {
        process.stdout.write(`${delivery.id} to ${delivery.endpointId}\n`)
      }
    })
  const events = new Command('events').description("an application's events / 应用的事件")
  for (const option of connectionOptions()) events.addOption(option)
  return events.addCommand(list).addCommand(resend)
}

type ListFlags = { after: number; limit: number }

function readNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Not a whole number.')
  return Number(text)
}
