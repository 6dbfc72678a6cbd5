import { api } from '../api.ts'
import { useActorName } from '../cases/words.ts'
import { useBankWords } from './words.ts'

/** A hospital by its name, or by its number while the names are on their way. */
export function useHospitalName(): (hospitalId: number) => string {
  const { t } = useBankWords()
  const { data } = api.query.useQuery('get', '/v1/hospitals', {}, { staleTime: Infinity })
  return (hospitalId) =>
    data?.items.find(({ id }) => id === hospitalId)?.name ??
    t('console:shell.hospital', { no: hospitalId })
}

/** A product by what the lender calls it. */
export function useProductName(lenderId: number): (productId: string) => string {
  const { i18n } = useBankWords()
  const { data } = useProducts(lenderId)
  return (productId) => {
    const name = data?.items.find((product) => product.productId === productId)?.name
    return (i18n.language === 'en' ? name?.en : name?.zh) ?? productId
  }
}

export const useProducts = (lenderId: number) =>
  api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/products',
    { params: { path: { lenderId } } },
    { staleTime: 60_000 },
  )

/** Who did something: staff, the machine, the bank by its own interface, or the holder of the account. */
export function useActor(): (actor: string) => string {
  const { t } = useBankWords()
  const actorName = useActorName()
  return (actor) => {
    const [kind] = actor.split(':')
    return kind === 'lender' || kind === 'person' ? t(`actors.${kind}`) : actorName(actor)
  }
}
