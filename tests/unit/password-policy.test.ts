import { describe, expect, it } from 'vitest'
import { passwordProblem } from '../../server/auth/password-policy.ts'

const owner = { email: 'grace.hopper@navy.example.com', name: 'Grace Hopper' }

describe('a password', () => {
  it.each([
    'correct-horse',
    'passwordpassword',
    'Password123456789',
    'P@ssw0rd!P@ssw0rd!',
    'qwertyuiopasdfgh',
    '1q2w3e4r5t6z7u8i',
    '123456789012345678',
    'abcabcabcabcabcabc',
    'aaaaaaaaaaaaaaaaaa',
    'iloveyou-iloveyou2',
    'correcthorsebatterystaple',
    'summer-winter-2026!',
    'GraceHopper-navy-1906',
    'attestry-password-2026',
    'letmein.letmein.letmein',
    'zyxwvutsrqponmlk',
    // Leaked, and made of nothing common.
    'NeverSayMyPassword',
    'manchesterunited',
    'x'.repeat(129),
  ])('%j is refused', password => {
    expect(passwordProblem(password, owner)).not.toBeNull()
  })

  it.each([
    'granite teapot walks sideways',
    'vBt7-qQm2-Lx9w-Kd4s',
    'lantern harvest cobalt ferry',
    'look-back-at-any-moment',
    'πλοίο θάλασσα καρέκλα',
    'die Kuh trinkt morgens Limonade',
  ])('%j is taken', password => {
    expect(passwordProblem(password, owner)).toBeNull()
  })
})
