import { sm2 } from 'sm-crypto-v2'

import { randomHex } from '../../../kernel/random.ts'
import { addDays, businessDateOf, type Clock, instantAt } from '../../../kernel/time.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { startGenericWallet } from '../../simulators/generic-wallet/index.ts'

export const SANDBOXES = ['digital-rmb', 'cross-border-wallet'] as const

export type SandboxName = (typeof SANDBOXES)[number]

export type Sandbox = {
  url: string
  /** What a merchant of it fills in, fit for the shipped descriptor of the same name. */
  params: Record<string, string>
  stop(): Promise<void>
}

const MERCHANT = '880100000001'
const NEXT_MORNING = '10:30:00'

/** A specimen wallet with keys of its own, and a clock that its controls move. It forgets all when it stops. */
export async function openSandbox(name: SandboxName, port: number): Promise<Sandbox> {
  let aheadMs = 0
  const clock: Clock = { now: () => new Date(systemClock.now().getTime() + aheadMs) }
  const kind = name === 'digital-rmb' ? digitalRmb() : crossBorder()
  const wallet = await startGenericWallet({
    clock,
    random: systemRandom,
    faults: () => null,
    databaseFile: ':memory:',
    port,
    merchants: [{ merchantNo: MERCHANT, feePpm: 2_000 }],
    dialect: kind.dialect,
    moveClock: {
      pass: (ms) => void (aheadMs += ms),
      endDay() {
        const morning = instantAt(addDays(businessDateOf(clock.now()), 1), NEXT_MORNING)
        aheadMs = morning.getTime() - systemClock.now().getTime()
      },
    },
  })
  const params = {
    ...kind.params,
    baseUrl: wallet.url,
    notifyUrl: `${wallet.url}/notices`, // a bench puts its own in its place
  }
  return { url: wallet.url, params, stop: () => wallet.stop() }
}

function digitalRmb() {
  const [wallet, merchant] = [newSm2Keys(), newSm2Keys()]
  const sm4Key = randomHex(systemRandom, 16)
  return {
    dialect: {
      kind: 'digital_rmb' as const,
      keys: {
        privateKey: wallet.privateKey,
        merchants: { [MERCHANT]: { publicKey: merchant.publicKey, sm4Key } },
      },
    },
    params: {
      merchantNo: MERCHANT,
      merchantPrivateKey: merchant.privateKey,
      walletPublicKey: wallet.publicKey,
      sm4Key,
    },
  }
}

function crossBorder() {
  const partnerSecret = randomHex(systemRandom, 24)
  return {
    dialect: {
      kind: 'cross_border' as const,
      keys: { partners: { [MERCHANT]: partnerSecret } },
    },
    params: { partnerNo: MERCHANT, partnerSecret },
  }
}

const newSm2Keys = () => sm2.generateKeyPairHex()
