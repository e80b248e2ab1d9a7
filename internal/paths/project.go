package paths

// Project is the page of the project that the console speaks for.
const Project = "/project"
