import type { Place } from '../../../kernel/place.ts'

/** The phone was not allowed to say where it is, or cannot. */
export class NoPlace extends Error {}

const LOOK_AT_MOST_MS = 15_000

/** Where the phone is, if whoever holds it allows that. Errors: throws NoPlace. */
export async function placeOfPhone(): Promise<Place & { accuracyM: number }> {
  return new Promise((resolve, reject) => {
    if (!('geolocation' in navigator)) return reject(new NoPlace())
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) =>
        resolve({ latitude, longitude, accuracyM: accuracy }),
      () => reject(new NoPlace()),
      { enableHighAccuracy: true, timeout: LOOK_AT_MOST_MS, maximumAge: LOOK_AT_MOST_MS },
    )
  })
}
