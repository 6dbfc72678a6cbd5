import { lazy, Suspense } from 'react'

import type { Hospital } from '../../../contract/client.ts'
import { sortedByTime } from '../booking/sessions.ts'
import type { useAppointments } from '../booking/use-appointments.ts'
import { loadBookingWords } from '../booking/words.ts'
import { useHubNow } from '../parts/hub-clock.ts'
import { Waiting } from '../parts/Waiting.tsx'

const NextAppointment = lazy(async () => {
  const [page] = await Promise.all([import('../booking/NextAppointment.tsx'), loadBookingWords()])
  return { default: page.NextAppointment }
})

/** The next appointment at any hospital; nothing where there is none. */
export function NextToCome({ hospitals, answers }: NextToComeProps) {
  const now = useHubNow()
  if (now === null) return null
  const all = answers.flatMap(({ data }, i) => {
    const hospital = hospitals[i]
    return hospital && data ? data.items.map((one) => ({ ...one, hospital })) : []
  })
  const [next] = sortedByTime(all, now).upcoming
  if (!next) return null
  return (
    <Suspense fallback={<Waiting rows={2} />}>
      <NextAppointment hospital={next.hospital} appointment={next} />
    </Suspense>
  )
}

type NextToComeProps = {
  hospitals: readonly Hospital[]
  answers: ReturnType<typeof useAppointments>
}
