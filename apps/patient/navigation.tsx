import { Link, type LinkProps, useNavigate, useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** A page of this app. Both web apps are checked as one program, in which only one router's types fit. */
export type Place = { to: string; search?: Record<string, string> }

/** The pages with their parameters, in one place. */
export const places = {
  home: { to: '/' },
  account: { to: '/account' },
  agreements: { to: '/agreements' },
  cover: { to: '/cover' },
  benefits: { to: '/benefits' },
  deposits: { to: '/deposits' },
  grants: { to: '/grants' },
  sharing: { to: '/sharing' },
  family: { to: '/family' },
  media: { to: '/cards' },
  queue: { to: '/queue' },
  book: { to: '/book' },
  bookAt: (search: BookSearch) => ({ to: '/book', search: readBookSearch(search) }),
  session: (hospitalId: number, id: string) => ({ to: `/book/${hospitalId}/${id}` }),
  appointments: { to: '/appointments' },
  explain: (hospitalId: number, billNo: string) => ({
    to: `/explain/${hospitalId}/${encodeURIComponent(billNo)}`,
  }),
  lookUp: { to: '/look-up' },
  credit: { to: '/credit' },
  creditOffer: (lenderId: number, productId: string) => ({
    to: `/credit/offers/${lenderId}/${encodeURIComponent(productId)}`,
  }),
  creditApplication: (lenderId: number, id: string) => ({
    to: `/credit/applications/${lenderId}/${id}`,
  }),
  creditVisit: (lenderId: number) => ({ to: `/credit/agree/${lenderId}` }),
  creditVisitOf: (lenderId: number, id: string) => ({ to: `/credit/visits/${lenderId}/${id}` }),
  loan: (lenderId: number, id: string) => ({ to: `/credit/loans/${lenderId}/${id}` }),
  loanWays: (lenderId: number, id: string) => ({ to: `/credit/loans/${lenderId}/${id}/ways` }),
  repay: (lenderId: number, id: string) => ({ to: `/credit/loans/${lenderId}/${id}/repay` }),
  familyRepay: (lenderId: number, id: string, amountFen: number) => ({
    to: `/credit/family/${lenderId}/${id}`,
    search: { amount: String(amountFen) },
  }),
  records: { to: '/payments' },
  refunds: { to: '/payments', search: { show: 'refunds' } },
  statement: { to: '/statement', search: { period: 'this_month' } },
  statementOf: (period: Record<string, string>) => ({ to: '/statement', search: period }),
  verify: (number: string, code: string) => ({ to: '/verify', search: { number, code } }),
  signIn: (next: string) => ({ to: '/sign-in', search: { next } }),
  visit: (hospitalId: number, visitNo: string) => ({
    to: `/hospitals/${hospitalId}/visits/${encodeURIComponent(visitNo)}`,
  }),
  pay: (hospitalId: number, bills: readonly BillReference[], wishes: Wishes = {}) => ({
    to: `/pay/${hospitalId}`,
    search: { bills: writeBills(bills), ...wishes },
  }),
  payment: (hospitalId: number, id: string, search?: Record<string, string>) => ({
    to: `/payments/${hospitalId}/${id}`,
    ...(search ? { search } : {}),
  }),
  receipt: (hospitalId: number, id: string) => ({ to: `/payments/${hospitalId}/${id}/receipt` }),
} as const

/** What a patient looks for, as it stands in the address of 预约挂号: nothing of it is a hospital's to trust. */
export type BookSearch = {
  at?: string | undefined
  day?: string | undefined
  department?: string | undefined
  find?: string | undefined
}

/** The same in a search that anybody may have written. */
export function readBookSearch(search: Record<string, unknown>): Record<string, string> {
  const { at, day, department, find } = search
  return {
    ...(isShort(at) && /^\d{1,9}$/.test(String(at)) ? { at: String(at) } : {}),
    ...(isShort(day) && /^\d{4}-\d{2}-\d{2}$/.test(String(day)) ? { day: String(day) } : {}),
    ...(isShort(department) ? { department: String(department) } : {}),
    ...(isShort(find) ? { find: String(find) } : {}),
  }
}

// A router reads 3 in an address as a number.
const isShort = (value: unknown): value is string | number =>
  (typeof value === 'string' && value !== '' && value.length <= 30) || typeof value === 'number'

export function Go({ place, children, ...rest }: GoProps) {
  return (
    <Link {...({ ...rest, ...place, activeOptions: HERE } as unknown as LinkProps)}>
      {children}
    </Link>
  )
}

// A link to this very page says aria-current, and one that differs in its search does not.
const HERE = { exact: true, includeSearch: true }

export function useGo(): (place: Place, how?: { replace?: boolean }) => Promise<void> {
  const navigate = useNavigate()
  return (place, how = {}) => navigate({ ...place, ...how } as never)
}

/** Back to where one came from; to `otherwise` where this page was the first. */
export function useGoBack(otherwise: Place): () => void {
  const router = useRouter()
  const go = useGo()
  return () => {
    if (router.history.canGoBack()) router.history.back()
    else void go(otherwise, { replace: true })
  }
}

/**
 * What the payer wishes of a plan, as it stands in an address: not to use the personal account, by which channel to
 * pay, and which sources of money to use or to leave ("credit,-benefits"). Without a channel the hub proposes one.
 */
export type Wishes = { account?: 'off'; channel?: string; method?: string; sources?: string }

/** The wishes in a search that anybody may have written. */
export const readWishes = (search: Record<string, unknown>): Wishes => {
  const { account, channel, method, sources } = search
  return {
    ...(account === 'off' ? { account } : {}),
    ...(isName(channel) ? { channel } : {}),
    ...(isName(method) ? { method } : {}),
    ...(isSourceList(sources) ? { sources } : {}),
  }
}

/** The sources that the payer said something about: true to use one, false to leave it. */
export const wishedSources = ({ sources }: Wishes): Record<string, boolean> =>
  Object.fromEntries(
    (sources ?? '')
      .split(',')
      .filter((word) => word !== '')
      .map((word) => (word.startsWith('-') ? [word.slice(1), false] : [word, true])),
  )

/** The same wishes, and this source used or left. */
export function withSource(wishes: Wishes, provider: string, isUsed: boolean): Wishes {
  const wanted = { ...wishedSources(wishes), [provider]: isUsed }
  const words = Object.entries(wanted).map(([name, isOn]) => (isOn ? name : `-${name}`))
  return { ...wishes, sources: words.join(',') }
}

const isSourceList = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^-?[a-z][a-z0-9_-]{0,29}(,-?[a-z][a-z0-9_-]{0,29}){0,9}$/.test(value)

const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z][a-z0-9_-]{0,29}$/.test(value)

/** Bills as they stand in an address: "B1:1,B2:3", number and version. */
export const writeBills = (bills: readonly BillReference[]): string =>
  bills.map(({ billNo, version }) => `${encodeURIComponent(billNo)}:${version}`).join(',')

/** Null for anything that writeBills does not write. */
export function readBills(text: string): BillReference[] | null {
  const bills = text.split(',').map((part) => {
    const [, billNo, version] = /^([^:,]+):(\d{1,7})$/.exec(part) ?? []
    return billNo && version ? { billNo: decoded(billNo), version: Number(version) } : null
  })
  return bills.every((bill) => bill !== null) ? bills : null
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // somebody wrote the address by hand; the hub will not know the bill
  }
}

export type BillReference = { billNo: string; version: number }

type GoProps = {
  place: Place
  children: ReactNode
  className?: string
  replace?: boolean
  'aria-label'?: string
}
