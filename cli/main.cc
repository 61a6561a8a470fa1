#include <iostream>

#include "cli/version.h"

int main() { std::cout << mimus::cli::version_text(); }
