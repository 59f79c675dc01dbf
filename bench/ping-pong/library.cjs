/** A promise-based library of the smallest kind: it answers every message after a promise has resolved. */
module.exports = class PingPong {
  constructor(send) {
    this.send = send
  }

  async receive(from, left) {
    await Promise.resolve()
    if (left > 0) this.send(from, left - 1)
  }
}
