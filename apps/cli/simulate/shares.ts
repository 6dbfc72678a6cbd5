import { InvalidArgumentError } from 'commander'

/** How many of the people have something beside their own money, in parts per million; null for as the world has it. */
export type Shares = {
  insuredPpm: number | null
  creditPpm: number
  commercialPpm: number
  elsewherePpm: number | null
}

/** '0.8' is 800,000 parts per million. */
export function share(text: string): number {
  if (!/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/.test(text)) {
    throw new InvalidArgumentError('a share from 0 to 1, like 0.3')
  }
  const [whole = '0', part = ''] = text.split('.')
  return Number(whole) * 1_000_000 + Number(part.padEnd(6, '0'))
}
