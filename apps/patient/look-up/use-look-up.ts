import { useInfiniteQuery } from '@tanstack/react-query'

import type { components, paths } from '../../../contract/hub.d.ts'
import type { Place } from '../../../kernel/place.ts'
import { client, query } from '../api.ts'

const INSTITUTIONS = '/v1/institutions'
const DRUGS = '/v1/catalogue/entries'
const PAGE = 20

export type Institution = components['schemas']['Institution']
export type Drug = components['schemas']['CatalogueEntry']

type InstitutionQuery = NonNullable<paths[typeof INSTITUTIONS]['get']['parameters']['query']>

export type InstitutionWish = {
  kind: Institution['kind']
  text: string
  province: string
  settles: Institution['settles'][number] | ''
  place: Place | null
}

/** The hub is told a place to about a hundred metres; how far it is, the phone works out for itself. */
const roughly = (degrees: number) => Math.round(degrees * 1_000) / 1_000

function queryOf({ kind, text, province, settles, place }: InstitutionWish) {
  const wish: InstitutionQuery = { kind, limit: PAGE }
  if (text) wish.text = text
  if (province) wish.region = province
  if (settles) wish.settles = settles
  if (place) {
    wish.latitude = roughly(place.latitude)
    wish.longitude = roughly(place.longitude)
  }
  return wish
}

/** Page by page. */
export function useInstitutions(wish: InstitutionWish) {
  const asked = queryOf(wish)
  return useInfiniteQuery({
    queryKey: ['get', INSTITUTIONS, asked],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const page = pageParam === null ? {} : { after: pageParam }
      const { data, error } = await client.GET(INSTITUTIONS, {
        params: { query: { ...asked, ...page } },
      })
      if (error) throw error
      return data
    },
    getNextPageParam: ({ next }) => next,
  })
}

export const useCatalogueRegions = () => query.useQuery('get', '/v1/catalogue/regions')

/** Nothing is asked before something is looked for: a catalogue has tens of thousands of entries. */
export function useDrugs({ region, text }: { region: string; text: string }) {
  return useInfiniteQuery({
    queryKey: ['get', DRUGS, region, text],
    enabled: region !== '' && text !== '',
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const page = pageParam === null ? {} : { after: pageParam }
      const { data, error } = await client.GET(DRUGS, {
        params: { query: { region, text, limit: PAGE, ...page } },
      })
      if (error) throw error
      return data
    },
    getNextPageParam: ({ next }) => next,
  })
}
